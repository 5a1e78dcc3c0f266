"""What the pages of a document are called: by the file, or by the numbers printed on them."""

import re
from collections import Counter
from collections.abc import Iterator

LEAST_PAGES = 3
"""Pages that must bear fitting numbers before these are believed."""
LEAST_SHARE = 0.6
"""Share of the pages with text that must bear a fitting number."""
EDGE_LINES = 2
"""Lines at the head and at the foot of a page where a number may be printed."""
_NUMBER = re.compile(r"(?<![\w.,/-])\d{1,5}(?![\w.,/-])|(?<![\w.,/-])\d{1,5}(?=\.?$)")


def page_labels(
    text: str, page_breaks: list[int] | None, told: list[str] | None
) -> list[str] | None:
    """Return what the pages are called, or nothing where that is how they are counted.

    The file's own names count unless they are the plain count; then the numbers printed at the
    edges of the pages, when they grow by one from page to page on most of them.
    """
    plain = [str(number) for number in range(1, len(page_breaks or ()) + 2)]
    if told and len(told) == len(plain) and told != plain:
        return [label.strip()[:20] or number for label, number in zip(told, plain, strict=True)]
    offset = printed_offset(text, page_breaks or [])
    return [str(number + offset) for number in range(1, len(plain) + 1)] if offset else None


def printed_offset(text: str, page_breaks: list[int]) -> int:
    """Return what to add to the count of a page for the number printed on it; 0 if unsure."""
    votes: Counter[int] = Counter()
    filled = 0
    for count, page in enumerate(_pages(text, page_breaks), start=1):
        filled += bool(page.strip())
        votes.update({number - count for number in _edge_numbers(page)})
    fitting = [(number, offset) for offset, number in votes.items() if offset >= 0]
    most = max(fitting, default=(0, 0), key=lambda pair: (pair[0], -pair[1]))
    is_sure = most[0] >= max(LEAST_PAGES, LEAST_SHARE * filled)
    return most[1] if is_sure else 0


def _pages(text: str, page_breaks: list[int]) -> Iterator[str]:
    for start, end in zip([0, *page_breaks], [*page_breaks, len(text)], strict=True):
        yield text[start:end]


def _edge_numbers(page: str) -> set[int]:
    """Return the whole numbers that stand alone at the head or foot of a page."""
    lines = [line.strip() for line in page.splitlines() if line.strip()]
    edges = lines[:EDGE_LINES] + lines[-EDGE_LINES:]
    return {int(found) for line in edges for found in _NUMBER.findall(line)}
