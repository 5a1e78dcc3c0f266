"""What to do next in a review: what lacks, in the order of the work, as far as one's role goes."""

from collections.abc import Iterator
from typing import NamedTuple

from app.access.identity import Member
from app.access.policy import Right, may
from app.web.overview import Figures, Screened

MOST = 3


class Step(NamedTuple):
    """One thing to do, worded for one and for many, why, and where below the review it is done."""

    one: str
    many: str
    why: str
    path: str
    n: int = 1


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


def next_steps(member: Member, figures: Figures, screening: Screened | None) -> list[Step]:
    """Return the first three things that lack and that one may do something about."""
    found = [step for step, right in _steps(member, figures, screening) if may(member.role, right)]
    return found[:MOST]


def _steps(
    member: Member, figures: Figures, screening: Screened | None
) -> Iterator[tuple[Step, Right]]:
    if not member.review.question:
        words = _("Write down the review's question")
        why = _("What works, for whom, in which circumstances, how and why?")
        yield Step(words, words, why, "/settings"), Right.SETTINGS
    if not figures.sources:
        words = _("Add the first source")
        why = _("A title is enough to start; a file of references brings many at once.")
        yield Step(words, words, why, "/sources"), Right.CODE
    yield from _of_the_library(figures, screening)
    yield from _of_coding(figures)


def _of_the_library(figures: Figures, screening: Screened | None) -> Iterator[tuple[Step, Right]]:
    if screening and (n := screening.conflicts):
        one = _("Adjudicate one source in screening")
        many = _("Adjudicate %(num)s sources in screening")
        why = _("Screeners decided otherwise, or are unsure.")
        yield Step(one, many, why, "/screening", n), Right.ADJUDICATE
    if n := figures.duplicates_waiting:
        one, many = _("Decide on a likely duplicate"), _("Decide on %(num)s likely duplicates")
        why = _("Two records that may be one work count twice until a person decides.")
        yield Step(one, many, why, "/duplicates", n), Right.IMPORT
    if screening and (n := screening.for_me):
        one, many = _("Screen the last record"), _("Screen the next of %(num)s records")
        why = _("Waiting for a decision of yours.")
        yield Step(one, many, why, "/screening", n), Right.SCREEN
    if n := figures.documents_waiting:
        one, many = _("Match a text to its source"), _("Match %(num)s texts to their sources")
        why = _("Nobody has said yet whose text it is.")
        yield Step(one, many, why, "/documents", n), Right.CODE


def _of_coding(figures: Figures) -> Iterator[tuple[Step, Right]]:
    if (n := figures.unread) is not None:
        words = _("Read and code the next text")
        why = _("Nothing is quoted from it yet.")
        yield Step(words, words, why, f"/documents/{n}"), Right.CODE
    if n := figures.not_found:
        one = _("Look again at a quote that was not found")
        many = _("Look again at %(num)s quotes that were not found")
        why = _("The words do not stand in the text as they were given.")
        yield Step(one, many, why, "/quotes?verification=not_found", n), Right.CODE
    if n := figures.parked:
        one, many = _("Take up a parked passage"), _("Take up %(num)s parked passages")
        why = _("Kept for later, and perhaps understood by now.")
        yield Step(one, many, why, "/quotes?is_parked=true", n), Right.CODE
    if figures.sources and not figures.configurations:
        words = _("Code the first configuration")
        why = _("Context, mechanism and outcome in a source's words, or what of it is there.")
        yield Step(words, words, why, "/configurations"), Right.CODE
    if n := figures.draft:
        one, many = (
            _("Finish a configuration in draft"),
            _("Finish %(num)s configurations in draft"),
        )
        why = _("Begun, and not called coded yet.")
        yield Step(one, many, why, "/configurations?status=draft", n), Right.CODE
    if figures.configurations and not figures.theories:
        words = _("Write down the initial theory")
        why = _("What you hold so far, as numbered propositions that sources can speak to.")
        yield Step(words, words, why, "/theories"), Right.THEORISE
    if n := figures.in_no_theory:
        one = _("Bring a configuration into the theory")
        many = _("Bring %(num)s configurations into the theory")
        why = _("No proposition stands on what falls out here.")
        yield Step(one, many, why, "/check", n), Right.THEORISE
