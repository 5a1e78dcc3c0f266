"""What one may choose by name, as options of a field; fetched when somebody is about to."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse
from sqlalchemy import Select, select

from app.access.identity import Reading
from app.coding.models import Concept, Quote
from app.db import SessionDep
from app.library.models import Source
from app.theory.models import Configuration
from app.web.rendering import render

router = APIRouter(prefix="/reviews/{slug}/choices", include_in_schema=False)

MOST_CHOICES = 1_000
"""In a larger review one types the number."""
LONGEST = 70


def _concepts(review_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Concept.id, Concept.label, Concept.referent)
        .where(Concept.review_id == review_id, Concept.merged_into_id.is_(None))
        .order_by(Concept.label, Concept.id)
    )


def _configurations(review_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Configuration.id, Configuration.title, Configuration.text_key)
        .where(Configuration.review_id == review_id)
        .order_by(Configuration.id)
    )


def _quotes(review_id: int) -> Select[*tuple[Any, ...]]:
    """Parked ones first, then the newest."""
    return (
        select(Quote.id, Quote.exact)
        .where(Quote.review_id == review_id)
        .order_by(Quote.is_parked.desc(), Quote.id.desc())
    )


def _sources(review_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(Source.id, Source.cite_key, Source.title)
        .where(Source.review_id == review_id, Source.merged_into_id.is_(None))
        .order_by(Source.cite_key, Source.id)
    )


KINDS: dict[str, tuple[str, Callable[[int], Select[*tuple[Any, ...]]]]] = {
    "concepts": ("K", _concepts),
    "configurations": ("C", _configurations),
    "quotes": ("Q", _quotes),
    "sources": ("S", _sources),
}


@router.get("/{kind}")
def list_choices(
    kind: Annotated[str, Path(pattern="^(concepts|configurations|quotes|sources)$")],
    member: Reading,
    session: SessionDep,
) -> HTMLResponse:
    """List what may be chosen, as options that begin with its number: `K5 trust · of partners`."""
    letter, select_choices = KINDS[kind]
    rows = session.execute(select_choices(member.review_id).limit(MOST_CHOICES))
    said = [(row[0], _words(kind, row[1:])) for row in rows]
    return render("choices.html", choices=[f"{letter}{number} {words}" for number, words in said])


def _words(kind: str, named: Any) -> str:
    if kind == "configurations":  # the title, else how it begins
        return str(named[0] or named[1])[:LONGEST].strip()
    return " · ".join(str(word)[:LONGEST] for word in named if word)
