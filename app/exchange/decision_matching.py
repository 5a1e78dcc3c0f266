"""Which source of the review a record of a foreign file is: by DOI, PubMed number or title."""

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import search_key
from app.library.models import Source

Key = tuple[str, object]


def title_key(title: str) -> str:
    """Fold a title to its letters and figures."""
    return re.sub(r"[\W_]+", "", search_key(title))


class Shelf:
    """The sources of a review by what records can be known by; duplicates under their source."""

    def __init__(self, session: Session, review_id: int, roots: Mapping[int, int]) -> None:
        self._by: dict[Key, set[int]] = defaultdict(set)
        columns = select(Source.id, Source.doi, Source.pmid, Source.title, Source.year)
        rows = session.execute(columns.where(Source.review_id == review_id))
        for number, doi, pmid, title, year in rows:
            for key in _keys(doi, pmid, title, year):
                self._by[key].add(roots[number])

    def find(self, fields: Mapping[str, Any]) -> int | str:
        """Return the number of the source a record is, or why that cannot be said."""
        title, year = str(fields.get("title") or ""), fields.get("year")
        for key in _keys(fields.get("doi"), fields.get("pmid"), title, year):
            found = self._by.get(key, set())
            if len(found) == 1:
                return next(iter(found))
            if found and key[0] != "title":
                names = ", ".join(f"S{number}" for number in sorted(found)[:5])
                return f"several sources fit by {key[0]}: {names}"
        alike = self._by.get(("title", title_key(title)), set())
        if alike:
            names = ", ".join(f"S{number}" for number in sorted(alike)[:5])
            return f"several sources have this title, none this year: {names}"
        return "no source has its DOI, PubMed number or title"


def _keys(doi: str | None, pmid: str | None, title: str, year: int | None) -> list[Key]:
    """Return what a record is known by, the surest first."""
    folded = title_key(title)
    keys: list[Key] = [("DOI", doi.lower())] if doi else []
    keys += [("PubMed number", pmid)] if pmid else []
    keys += [("title and year", (folded, year))] if folded and year else []
    return [*keys, ("title", folded)] if folded else keys
