"""What to do next in a review, and what is open in it: what lacks, in the order of the work."""

from collections.abc import Iterator
from typing import NamedTuple

from app.access.identity import Member
from app.access.policy import Right, may
from app.web.overview import Figures, Screened

MOST = 3


class Step(NamedTuple):
    """One thing to do, worded for one and for many, why, and where below the review it is done."""

    words: tuple[str, str]
    why: str
    path: str
    n: int = 1


class Open(NamedTuple):
    """Something of which there is more than there should be, and where it is listed."""

    n: int
    words: tuple[str, str]
    path: str


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


def ngettext(one: str, many: str) -> tuple[str, str]:
    """Mark words for one and for many for the catalogue."""
    return one, many


def same(words: str) -> tuple[str, str]:
    """Return words that fit any number."""
    return words, words


def next_steps(member: Member, figures: Figures, screening: Screened | None) -> list[Step]:
    """Return the first three things that lack and that one may do something about."""
    found = [step for step, right in _steps(member, figures, screening) if may(member.role, right)]
    return found[:MOST]


def _steps(
    member: Member, figures: Figures, screening: Screened | None
) -> Iterator[tuple[Step, Right]]:
    if not member.review.question:
        words = same(_("Write down the review's question"))
        why = _("What works, for whom, in which circumstances, how and why?")
        yield Step(words, why, "/settings"), Right.SETTINGS
    if not figures.sources:
        words = same(_("Add the first source"))
        why = _("A title is enough to start; a file of references brings many at once.")
        yield Step(words, why, "/sources"), Right.CODE
    yield from _of_the_library(figures, screening)
    yield from _of_the_texts(figures)
    yield from _of_coding(figures)


def _of_the_library(figures: Figures, screening: Screened | None) -> Iterator[tuple[Step, Right]]:
    if screening and (n := screening.conflicts):
        words = ngettext(
            "Adjudicate one source in screening", "Adjudicate %(num)s sources in screening"
        )
        why = _("Screeners decided otherwise, or are unsure.")
        yield Step(words, why, "/screening", n), Right.ADJUDICATE
    if n := figures.duplicates_waiting:
        words = ngettext("Decide on a likely duplicate", "Decide on %(num)s likely duplicates")
        why = _("Two records that may be one work count twice until a person decides.")
        yield Step(words, why, "/duplicates", n), Right.IMPORT
    if screening and (n := screening.for_me):
        words = ngettext("Screen the last record", "Screen the next of %(num)s records")
        yield Step(words, _("Waiting for a decision of yours."), "/screening", n), Right.SCREEN
    if n := figures.documents_waiting:
        words = ngettext("Match a text to its source", "Match %(num)s texts to their sources")
        yield Step(words, _("Nobody has said yet whose text it is."), "/documents", n), Right.CODE


def _of_the_texts(figures: Figures) -> Iterator[tuple[Step, Right]]:
    if (n := figures.unread) is not None:
        words = same(_("Read and code the next text"))
        yield Step(words, _("Nothing is quoted from it yet."), f"/documents/{n}"), Right.CODE
    if n := figures.not_found:
        words = ngettext(
            "Look again at a quote that was not found",
            "Look again at %(num)s quotes that were not found",
        )
        why = _("The words do not stand in the text as they were given.")
        yield Step(words, why, "/quotes?verification=not_found", n), Right.CODE
    if n := figures.parked:
        words = ngettext("Take up a parked passage", "Take up %(num)s parked passages")
        why = _("Kept for later, and perhaps understood by now.")
        yield Step(words, why, "/quotes?is_parked=true", n), Right.CODE


def _of_coding(figures: Figures) -> Iterator[tuple[Step, Right]]:
    if figures.sources and not figures.configurations:
        words = same(_("Code the first configuration"))
        why = _("Context, mechanism and outcome in a source's words, or what of it is there.")
        yield Step(words, why, "/configurations"), Right.CODE
    if n := figures.draft:
        words = ngettext(
            "Finish a configuration in draft", "Finish %(num)s configurations in draft"
        )
        why = _("Begun, and not called coded yet.")
        yield Step(words, why, "/configurations?status=draft", n), Right.CODE
    if figures.configurations and not figures.theories:
        words = same(_("Write down the initial theory"))
        why = _("What you hold so far, as numbered propositions that sources can speak to.")
        yield Step(words, why, "/theories"), Right.THEORISE
    if n := figures.in_no_theory:
        words = ngettext(
            "Bring a configuration into the theory", "Bring %(num)s configurations into the theory"
        )
        why = _("No proposition stands on what falls out here.")
        yield Step(words, why, "/check", n), Right.THEORISE


def open_things(figures: Figures, screening: Screened) -> list[Open]:
    """Return what is open, in the order of the work; of what there is none is left out."""
    found = [*_open_in_the_library(figures, screening), *_open_in_coding(figures)]
    return [each for each in found if each.n]


def _open_in_the_library(figures: Figures, screening: Screened) -> Iterator[Open]:
    words = ngettext(
        "%(num)s source that awaits a decision", "%(num)s sources that await a decision"
    )
    yield Open(screening.undecided, words, "/screening")
    words = ngettext(
        "%(num)s conflict of screening to settle", "%(num)s conflicts of screening to settle"
    )
    yield Open(screening.conflicts, words, "/screening")
    words = ngettext(
        "%(num)s likely duplicate to decide on", "%(num)s likely duplicates to decide on"
    )
    yield Open(figures.duplicates_waiting, words, "/duplicates")
    words = ngettext(
        "%(num)s text waiting for its source", "%(num)s texts waiting for their source"
    )
    yield Open(figures.documents_waiting, words, "/documents")


def _open_in_coding(figures: Figures) -> Iterator[Open]:
    words = ngettext(
        "%(num)s quote not found in its text", "%(num)s quotes not found in their text"
    )
    yield Open(figures.not_found, words, "/quotes?verification=not_found")
    words = ngettext(
        "%(num)s quote that stands in several places", "%(num)s quotes that stand in several places"
    )
    yield Open(figures.ambiguous, words, "/quotes?verification=ambiguous")
    words = ngettext(
        "%(num)s quote that reads a little differently",
        "%(num)s quotes that read a little differently",
    )
    yield Open(figures.approximate, words, "/quotes?verification=approximate")
    words = ngettext("%(num)s parked passage", "%(num)s parked passages")
    yield Open(figures.parked, words, "/quotes?is_parked=true")
    words = ngettext("%(num)s quote tied to nothing", "%(num)s quotes tied to nothing")
    yield Open(figures.untied, words, "/check")
    words = ngettext(
        "%(num)s source nothing is taken from", "%(num)s sources nothing is taken from"
    )
    yield Open(figures.unused, words, "/check")
    words = ngettext("%(num)s configuration in no theory", "%(num)s configurations in no theory")
    yield Open(figures.in_no_theory, words, "/check")
