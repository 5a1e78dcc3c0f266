"""The guided tour: ten steps from a passage to a table, on the reviews that come with Retroduce."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Row

from app.access.models import MemberRole, Review
from app.access.policy import Right, may
from app.exchange.seeds import SeedRead


def _(words: str) -> str:
    """Mark words for the catalogue; they are looked up where they are shown."""
    return words


SEED = "trust-and-faith"
VIGNETTE = "training-vignette"


class Step(NamedTuple):
    """One stop: a page of a shipped review, what to see there, and what to do."""

    review: str
    path: str
    title: str
    see: str
    do: str


STEPS: tuple[Step, ...] = (
    Step(
        SEED,
        "",
        _("A review, finished enough to look at"),
        _(
            "This review holds what one article says about trust and faith between "
            "organisations. The rail leads through it the way evidence travels: from sources "
            "to coding to synthesis."
        ),
        _("Look at the figures and at what the page suggests to do next."),
    ),
    Step(
        SEED,
        "/configurations/1",
        _("A configuration"),
        _(
            "The unit of coding: context, mechanism and outcome. Words in serif are a "
            "source's; the rest is ours. Every claim leads back to a passage."
        ),
        _("Open the quote under Evidence, then come back."),
    ),
    Step(
        VIGNETTE,
        "/documents/1",
        _("Reading"),
        _(
            "A short text to practise on. Passages that are coded already are underlined, and "
            "listed beside the text."
        ),
        _(
            "Press j until a sentence you like is selected, or select words with the mouse. "
            "Press p to park it: nothing forces you to understand it yet."
        ),
    ),
    Step(
        VIGNETTE,
        "/documents/1",
        _("Coding"),
        _(
            "A passage becomes a configuration: its wording first, a concept when you have "
            "one, so that the matrix can count it."
        ),
        _(
            "Select a passage, press n, fill in a context and an outcome in the source's "
            "words, give each a concept, and press Code."
        ),
    ),
    Step(
        VIGNETTE,
        "/matrix",
        _("Your coding, counted"),
        _(
            "Which contexts go with which outcomes. The large number counts sources, the small "
            ""
            "one configurations: counts describe what you collected, not how strong a claim "
            "is."
        ),
        _("Find the cell your configuration is in, and open it."),
    ),
    Step(
        SEED,
        "/matrix",
        _("The matrix of a whole review"),
        _(
            "The same question of the seed review. Outcomes are split by state; cells with "
            "evidence for and against are marked."
        ),
        _("Choose a mechanism to ask which contexts lead to which outcomes through it."),
    ),
    Step(
        SEED,
        "/chains?to=K1&possible=true",
        _("Chains"),
        _(
            "How one thing leads to the next until there is trust. A dotted step is suggested "
            "by the program: no evidence until a person accepts it."
        ),
        _("Follow a chain from its first context to its last outcome. Which step is its weakest?"),
    ),
    Step(
        SEED,
        "/concepts/1",
        _("One concept, several roles"),
        _(
            "Trust is a context here, a mechanism there, an outcome elsewhere. The codebook "
            "says what is meant by it, and keeps everybody's wording."
        ),
        _("See in which roles it was coded, and in whose words."),
    ),
    Step(
        SEED,
        "/evidence",
        _("The evidence table"),
        _("Every row rests on words somebody wrote, and leads back to them."),
        _("Download it as a workbook."),
    ),
    Step(
        VIGNETTE,
        "/history",
        _("Nothing is lost"),
        _(
            "Who changed what, when and why. What you coded on this tour stands at the end, "
            "and can be taken back."
        ),
        _("Open your change and take it back, or keep it. That was the tour."),
    ),
)


def copies(
    seeds: Sequence[SeedRead], reviews: Sequence[Row[Review, MemberRole]]
) -> dict[str, Review]:
    """Return which of one's reviews the tour goes through, by the name of what is shipped.

    A copy has the title of what is shipped, or its name with or without a number; one in which
    one may code comes before others, then the newest.
    """
    ranked = sorted(reviews, key=lambda row: (may(row[1], Right.CODE), row[0].id))
    return {
        seed.name: review
        for seed in seeds
        if seed.name in {SEED, VIGNETTE}
        for review, _role in ranked
        if _is_copy(review, seed)
    }


def _is_copy(review: Review, seed: SeedRead) -> bool:
    is_named = re.fullmatch(rf"{re.escape(seed.name)}(-\d+)?", review.slug)
    return review.title == seed.title or is_named is not None
