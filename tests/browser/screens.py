"""Every screen, by address: what tests of all screens go through, and what screenshots show."""

SEED = "/reviews/trust-and-faith"
VIGNETTE = "/reviews/training-vignette"
TABLES = "/reviews/aunger-2021"

OF_NO_REVIEW = "/ /docs/errors /help /tour /account /account/users /reviews/new"
OF_A_REVIEW = """
    /jobs /settings /members /search /search?q=trust /history /history/1 /views /check
    /sources?sort=author /sources/1 /sources/new /imports /duplicates /screening /documents /flow
    /screening/elsewhere /appraisal /appraisal/agreement /appraisal/forms
    /appraisal/forms/new?shipped=mmat-2018
    /quotes /quotes/1 /links /links/1 /memos /concepts /concepts/1 /concepts/alike
    /configurations?sort=refuting /configurations/1 /configurations/new /configurations/1/edit
    /configurations/compare?ids=1&ids=2 /theories /theories/1 /chains?to=K1
    /matrix /matrix?shading=true&cell=context:K49&cell=outcome:K51:increased
    /evidence /evidence?group=cite_key&columns=configuration&columns=quote_text&columns=stance
"""
SCREENS = (
    *OF_NO_REVIEW.split(),
    SEED,
    *(f"{SEED}{path}" for path in OF_A_REVIEW.split()),
    *(f"{TABLES}/check", f"{TABLES}/chains"),
    f"{TABLES}/chains?from=K9&to=K12&possible=true&limit=3",
    *(f"{VIGNETTE}/documents/1", f"{VIGNETTE}/documents/1/speakers"),
)
