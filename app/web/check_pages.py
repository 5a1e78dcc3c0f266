"""What falls out as a page: check by check, each finding leading to where it is mended."""

from collections import defaultdict
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse

from app.access.identity import Reading
from app.db import Schema, SessionDep
from app.synthesis.check import Check, Finding, fallen_out
from app.web.framing import in_review
from app.web.marks import gap_sentence
from app.web.rendering import thing_url
from app.web.wishes import wish_of

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

BEGINNING = 20
"""Findings of each check where all checks are shown."""
MOST = 1_000
"""Findings of the one check that is shown whole."""


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


class About(NamedTuple):
    """A check as people read it: its title, and what mends it."""

    title: str
    mend: str


CHECKS: dict[Check, About] = {
    Check.SOURCE_UNUSED: About(
        _("Sources nothing is taken from"), _("Read and code them, or exclude them with a reason.")
    ),
    Check.DOCUMENT_WAITING: About(
        _("Texts that wait for their source"), _("Say which source each is the text of.")
    ),
    Check.QUOTE_UNTIED: About(
        _("Quotes tied to nothing"), _("Tie them to a configuration or a concept, or let them go.")
    ),
    Check.QUOTE_UNVERIFIED: About(
        _("Quotes not found in the text"), _("Compare the words with the text and correct them.")
    ),
    Check.QUOTE_TOO_LONG: About(
        _("Quotes over the word limit"), _("Quote less, or raise the limit of the review.")
    ),
    Check.CONFIGURATION_INCOMPLETE: About(
        _("Configurations with something open"),
        _("Fill in what the source says; mark what it does not say as not reported."),
    ),
    Check.CONFIGURATION_IN_NO_THEORY: About(
        _("Configurations no proposition stands on"),
        _("Make each a ground of a proposition, for it or against it."),
    ),
    Check.CONCEPT_UNUSED: About(
        _("Concepts in no use"), _("Use them, merge them into others, or retire them.")
    ),
    Check.CONCEPT_CYCLE: About(
        _("Concepts below or merged into themselves"), _("Move one of each ring elsewhere.")
    ),
    Check.MEMO_SUBJECT_GONE: About(
        _("Memos on something that is gone"), _("Let each point to something else, or to nothing.")
    ),
    Check.APPRAISAL_DISPUTED: About(
        _("Sources judged differently"), _("Talk it over and settle each judgement.")
    ),
    Check.APPRAISAL_SUBJECT_GONE: About(
        _("Judgements of something that is gone"), _("Bring the thing back, or leave them.")
    ),
    Check.SOURCE_UNDECIDED: About(
        _("Sources without a decision"),
        _("Decide on them in screening. A review that does not screen can leave them so."),
    ),
    Check.QUOTE_WITHOUT_TEXT: About(
        _("Quotes with no text to look in"),
        _(
            "Nothing speaks against them; they could not be looked up. They are, once their "
            "source has its text here."
        ),
    ),
}


class CheckPageWish(Schema):
    """Which check is shown whole; none shows how each begins."""

    only: Check | None = None


class Listed(NamedTuple):
    """One check with what it found: the beginning, or all of it."""

    check: Check
    about: About
    total: int
    lines: list[tuple[str, str | None, str]]
    """Thing, where it is mended, and the detail in words."""


@router.get("/check")
def show_fallen_out(
    member: Reading,
    session: SessionDep,
    wish: Annotated[CheckPageWish, Depends(wish_of(CheckPageWish))],
) -> HTMLResponse:
    """Show everything that is in the review and in no answer, check by check."""
    found: dict[Check, list[Finding]] = defaultdict(list)
    for finding in fallen_out(session, member.review):
        found[finding.check].append(finding)
    most = MOST if wish.only else BEGINNING
    slug = member.review.slug
    checks = [
        Listed(
            check,
            CHECKS[check],
            len(findings),
            [(f.thing, thing_url(slug, f.thing), _said(f)) for f in findings[:most]],
        )
        for check, findings in found.items()
    ]
    return in_review(
        session,
        member,
        "check.html",
        "check",
        checks=[one for one in checks if wish.only in {None, one.check}],
        counts_by_check=checks,
        only=wish.only,
    )


def _said(finding: Finding) -> str:
    if finding.check is Check.CONFIGURATION_INCOMPLETE:
        return " ".join(gap_sentence(code) for code in finding.detail.split(", "))
    if finding.check is Check.QUOTE_UNVERIFIED:
        return finding.detail.replace("_", " ")
    return finding.detail
