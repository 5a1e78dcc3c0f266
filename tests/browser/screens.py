"""Every screen, by address: what tests of all screens go through, and what screenshots show."""

SEED = "/reviews/trust-and-faith"
VIGNETTE = "/reviews/training-vignette"

SCREENS = (
    *("/", "/docs/errors", "/help", "/tour", "/account", "/account/users", "/reviews/new"),
    *(SEED, f"{SEED}/jobs", f"{SEED}/settings", f"{SEED}/members", f"{SEED}/search?q=trust"),
    *(f"{SEED}/sources", f"{SEED}/sources/1", f"{SEED}/sources/new", f"{SEED}/imports"),
    *(f"{SEED}/duplicates", f"{SEED}/screening", f"{SEED}/documents", f"{SEED}/flow"),
    *(f"{SEED}/screening/elsewhere", f"{SEED}/appraisal", f"{SEED}/appraisal/agreement"),
    *(f"{SEED}/appraisal/forms", f"{SEED}/appraisal/forms/new?shipped=mmat-2018"),
    *(f"{SEED}/quotes", f"{SEED}/quotes/1", f"{SEED}/links", f"{SEED}/links/1", f"{SEED}/memos"),
    *(f"{SEED}/configurations", f"{SEED}/configurations/1", f"{SEED}/configurations/new"),
    *(f"{SEED}/configurations/1/edit", f"{SEED}/configurations/compare?ids=1&ids=2"),
    *(f"{SEED}/concepts", f"{SEED}/concepts/1", f"{SEED}/concepts/alike"),
    *(f"{SEED}/matrix", f"{SEED}/chains?to=K1", f"{SEED}/theories", f"{SEED}/theories/1"),
    *(f"{SEED}/evidence", f"{SEED}/views", f"{SEED}/check", f"{SEED}/history"),
    *(f"{VIGNETTE}/documents/1", f"{VIGNETTE}/documents/1/speakers"),
)
