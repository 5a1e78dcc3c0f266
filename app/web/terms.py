"""Words a screener looks for, found in what they read."""

import re
from collections.abc import Sequence
from typing import NamedTuple

MOST_TERMS = 40


class Run(NamedTuple):
    """A stretch of text, and whether it is one of the words."""

    text: str
    is_term: bool


def terms_of(typed: str) -> list[str]:
    """Return the words asked for, by commas; one ending in * is the beginning of a word."""
    return [term for part in typed.split(",") if (term := part.strip(" *") and part.strip())][
        :MOST_TERMS
    ]


def runs(text: str, terms: Sequence[str]) -> list[Run]:
    """Part a text into what is one of the words and what is not, in order."""
    if not terms:
        return [Run(text, is_term=False)]
    either = "|".join(map(_pattern, terms))
    parts = re.split(f"({either})", text, flags=re.IGNORECASE)
    return [Run(part, n % 2 == 1) for n, part in enumerate(parts) if part]


def _pattern(term: str) -> str:
    bare = term.rstrip("*")
    return rf"\b{re.escape(bare)}" + (r"\w*" if bare != term else r"\b")
