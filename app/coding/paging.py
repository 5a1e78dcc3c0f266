"""Whether quotes stand on the page that was given, whichever way the pages were counted.

Readers give the page as it is printed, or as their PDF reader counts it, or as the journal counts
it where nothing printed was found. The way in which most quotes of a document are right holds.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence

from app.coding.anchoring import Verification
from app.coding.schemas import QuoteCheck
from app.library.models import Document
from app.library.passages import page_label

FOUND = (Verification.EXACT, Verification.NORMALISED)
LEAST_AGREEING = 2
"""Quotes that must agree before a document is taken to number its pages in its own way."""
Called = Callable[[int], str]
"""What a page, counted from 1, is called."""

_PAGES = re.compile(
    r"\s*(?:pp?\.?|pages?|S\.|Seiten?)?\s*(\d{1,6}|[ivxlc]{1,8})"
    r"(?:\s*(?:[-\u2010-\u2015]|to)\s*(\d{1,6}|[ivxlc]{1,8}))?\s*\.?",
    re.IGNORECASE,
)


def judge_pages(document: Document, checks: Sequence[QuoteCheck]) -> None:
    """Mark the quotes that were found and stand on another page than given."""
    judged = [c for c in checks if c.page and c.count_found and document.page_breaks]
    if not judged:
        return
    called = max(_ways(document, judged), key=lambda way: sum(_is_right(c, way) for c in judged))
    for check in judged:
        if check.verification in FOUND and _can_be_judged(document, check.page or ""):
            check.is_wrong_page = not _is_right(check, called)


def _can_be_judged(document: Document, page: str) -> bool:
    """Say whether a page is one; Roman ones only where it is known what pages are called."""
    given = _PAGES.fullmatch(page)
    return given is not None and (given[1].isdigit() or document.page_labels is not None)


def _ways(document: Document, checks: Sequence[QuoteCheck]) -> list[Called]:
    """Return the ways in which pages may have been counted, the likeliest first."""
    offsets = Counter(
        int(check.page) - (check.count_found or 0)
        for check in checks
        if check.page and check.page.isdigit()
    )
    [(offset, agreeing)] = offsets.most_common(1) or [(0, 0)]
    ways: list[Called] = [lambda page: page_label(document, page)]
    if agreeing >= LEAST_AGREEING:
        ways.append(lambda page: str(page + offset))
    return ways


def _is_right(check: QuoteCheck, called: Called) -> bool:
    """Say whether the page found is the one given, or lies between the two given."""
    given = _PAGES.fullmatch(check.page or "")
    if given is None or check.count_found is None:
        return False
    page, first, last = called(check.count_found), given[1].lower(), given[2]
    if last and all(part.isdigit() for part in (page, first, last)):
        return int(first) <= int(page) <= int(_written_out(first, last))
    return page.lower() in {first, last and last.lower()}


def _written_out(first: str, last: str) -> str:
    """Return the last page in full: 8 in 213-8 is 218."""
    return first[: len(first) - len(last)] + last if len(last) < len(first) else last
