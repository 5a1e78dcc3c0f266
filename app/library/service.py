"""Sources and the studies they report."""

import re
import string
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import count, product
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.identity import Member
from app.db import Slice, holds, paginate, search_key, take_numbers
from app.errors import FieldProblem, TakenError
from app.history.recording import delete_many
from app.history.references import require_unused
from app.library.appraisal.settled import check_levels, source_conditions
from app.library.duplicate_models import DuplicatePair
from app.library.field_filters import check_fields, field_conditions
from app.library.field_values import settle_values
from app.library.models import Document, FieldSubject, Source, Study
from app.library.ordering import SourceOrder, ordered_sources, page_in_order
from app.library.schemas import (
    Name,
    SourceConditions,
    SourceCreate,
    SourceFields,
    SourceFilter,
    SourceUpdate,
)
from app.library.screening_models import Retrieval
from app.library.screening_queue import page_of_sources
from app.library.screening_standing import Material, journeys, read_material
from app.library.search_models import SearchHit

LONGEST_FAMILY = 40
"""Characters of a family name that go into a generated cite key."""
SAME = ("kind", "type", "country", "setting", "language", "cite_key", "study_id")


def _found_by(review_id: int, search_id: int) -> ColumnElement[bool]:
    """Hold for what a search brought, and for what stands for duplicates it brought."""
    here = (SearchHit.review_id == review_id, SearchHit.search_id == search_id)
    found = select(SearchHit.source_id).where(*here)
    duplicate = aliased(Source)
    survivors = select(duplicate.merged_into_id).where(
        duplicate.review_id == review_id, duplicate.id.in_(found)
    )
    return Source.id.in_(found.union(survivors))


def _with_text(review_id: int, wanted: object) -> ColumnElement[bool]:
    here = (Document.review_id == review_id, Document.source_id.is_not(None))
    found = Source.id.in_(select(Document.source_id).where(*here))
    return found if wanted else ~found


COMPARED: dict[str, Callable[[int, Any], ColumnElement[bool]]] = {
    "year_from": lambda _, year: Source.year >= year,
    "year_to": lambda _, year: Source.year <= year,
    "doi": lambda _, doi: func.lower(Source.doi) == doi.lower(),
    "search_id": _found_by,
    "has_text": _with_text,
    "text": lambda _, words: holds(Source.text_key, words),
}
"""Conditions that are no plain sameness, by name: from the review and what is asked for."""


def select_sources(review_id: int, wish: SourceConditions) -> Select[Source]:
    """Select the sources of a review that fit; the caller orders and pages them.

    Where they stand in screening is in no table: `standing_at` says which numbers remain.
    """
    statement = select(Source).where(Source.review_id == review_id)
    for name in SAME:
        value = getattr(wish, name)
        if value is not None:
            statement = statement.where(getattr(Source, name) == value)
    statement = statement.where(Source.merged_into_id.is_not(None) == wish.is_merged)
    for name, condition in COMPARED.items():
        value = getattr(wish, name)
        if value is not None:
            statement = statement.where(condition(review_id, value))
    appraised = source_conditions(review_id, Source.id, wish)
    return statement.where(*field_conditions(Source.fields, wish.field), *appraised)


def check_conditions(session: Session, review_id: int, wish: SourceConditions) -> None:
    """Refuse (422) fields and levels the review does not have; asks nothing without any."""
    check_fields(session, review_id, [("field", FieldSubject.SOURCE, wish.field)])
    check_levels(session, review_id, wish)


def source_page(
    session: Session, review_id: int, wish: SourceFilter, material: Material | None = None
) -> Slice[Source]:
    """Return one page of the sources that fit; 422 names a field the review does not have.

    Who has read the material of screening already hands it over.
    """
    check_conditions(session, review_id, wish)
    statement = select_sources(review_id, wish)
    standing = standing_at(session, review_id, wish, material)
    if wish.sort is not SourceOrder.NUMBER or wish.is_descending:
        ordered = ordered_sources(
            session, review_id, statement, wish.sort, is_descending=wish.is_descending
        )
        numbers = [number for number in ordered if standing is None or number in standing]
        return page_in_order(session, review_id, numbers, wish)
    if standing is None:
        return paginate(session, statement, Source.id, wish)
    fitting = session.scalars(statement.with_only_columns(Source.id).order_by(Source.id))
    numbers = [number for number in fitting if number in standing]
    return page_of_sources(session, review_id, numbers, wish)


def asks_for_standing(wish: SourceConditions) -> bool:
    """Say whether a wish asks where sources stand in screening."""
    return wish.end is not None or wish.stage_id is not None


def standing_at(
    session: Session, review_id: int, wish: SourceConditions, material: Material | None = None
) -> Collection[int] | None:
    """Return the sources that stand where a wish asks for in screening; null: it does not ask."""
    if not asks_for_standing(wish):
        return None
    return {
        number
        for number, journey in journeys(material or read_material(session, review_id)).items()
        if wish.end in (None, journey.end) and wish.stage_id in (None, journey.at)
    }


def select_studies(review_id: int) -> Select[Study]:
    """Select the studies of a review; the caller orders and pages them."""
    return select(Study).where(Study.review_id == review_id)


def add_sources(session: Session, member: Member, wishes: Sequence[SourceCreate]) -> list[Source]:
    """Add sources, all or none, in their order; raises `TakenError` when a cite key is in use."""
    keys = _cite_keys(session, member.review_id, wishes)
    studies = studies_of(session, member.review_id, [wish.study for wish in wishes])
    patches = [(_place(n, len(wishes)), None, wish.fields) for n, wish in enumerate(wishes)]
    values = settle_values(session, member.review_id, FieldSubject.SOURCE, patches)
    first = take_numbers(session, member.review_id, "S", len(wishes))
    sources = []
    for number, wish in enumerate(wishes, start=first):
        source = Source(
            **columns_of(wish, set(SourceFields.model_fields)) | {"fields": values[number - first]},
            review_id=member.review_id,
            id=number,
            cite_key=keys[number - first],
            study_id=studies[wish.study] if wish.study else None,
            created_by=member.user.id,
        )
        source.text_key = source_key(source.title, source.authors, source.abstract)
        sources.append(source)
    session.add_all(sources)
    session.flush()
    return sources


def change_source(session: Session, source: Source, wish: SourceUpdate) -> Source:
    """Change what the wish sets of a source; `csl` and `authors` are replaced as a whole."""
    given = wish.model_fields_set
    if "cite_key" in given and wish.cite_key != source.cite_key:
        _require_free(wish.cite_key, keys_in_use(session, source.review_id), "cite_key")
        source.cite_key = wish.cite_key
    if "study" in given:
        studies = studies_of(session, source.review_id, [wish.study])
        source.study_id = studies[wish.study] if wish.study else None
    columns = columns_of(wish, given & set(SourceFields.model_fields))
    if "fields" in given:
        patch = ("", source.fields, wish.fields)
        [columns["fields"]] = settle_values(session, source.review_id, FieldSubject.SOURCE, [patch])
    for name, value in columns.items():
        setattr(source, name, value)
    source.text_key = source_key(source.title, source.authors, source.abstract)
    source.version += 1
    session.flush()
    return source


def delete_source(session: Session, source: Source) -> None:
    """Delete a source; raises `StillInUseError` naming the quotes, documents … that need it.

    What was decided of its duplicates goes with it.
    """
    here = DuplicatePair.review_id == source.review_id
    either = or_(DuplicatePair.lower_id == source.id, DuplicatePair.higher_id == source.id)
    delete_many(session, DuplicatePair, (here, either))
    require_unused(session, source)
    said = (Retrieval.review_id == source.review_id, Retrieval.source_id == source.id)
    delete_many(session, Retrieval, said)
    session.delete(source)
    session.flush()


def columns_of(wish: SourceFields, names: set[str]) -> dict[str, Any]:
    """Turn a wish into column values; every field of `SourceFields` is a column of its name."""
    values = wish.model_dump(include=names)
    if "authors" in names:
        values["authors"] = [
            {part: word for part, word in name.items() if word is not None}
            for name in values["authors"]
        ]
    return values


def _place(n: int, many: int) -> str:
    return f"items.{n}." if many > 1 else ""


def source_key(title: str, authors: Sequence[dict[str, str]], abstract: str | None) -> str:
    """Return what words are looked for in: title, names and abstract, folded."""
    names = [part for name in authors for part in name.values()]
    return search_key("\n".join([title, *names, abstract or ""]))


def studies_of(session: Session, review_id: int, labels: Sequence[str | None]) -> dict[str, int]:
    """Return the number of each study label, making the studies that are not there yet."""
    rows = select(Study.label, Study.id).where(Study.review_id == review_id)
    known = {row.label: row.id for row in session.execute(rows)}
    new = [label for label in dict.fromkeys(labels) if label and label not in known]
    if new:
        first = take_numbers(session, review_id, "Y", len(new))
        numbers = {label: first + n for n, label in enumerate(new)}
        session.add_all(
            Study(review_id=review_id, id=number, label=label) for label, number in numbers.items()
        )
        session.flush()
        known |= numbers
    return known


def keys_in_use(session: Session, review_id: int) -> set[str]:
    """Return every cite key of a review."""
    return set(session.scalars(select(Source.cite_key).where(Source.review_id == review_id)))


def _require_free(key: str, taken: set[str], field: str) -> None:
    if key in taken:
        raise TakenError(
            f"{field}: the cite key {key} belongs to another source; choose another, "
            f"or leave it out to have one made.",
            fields=[FieldProblem(field, "taken by another source")],
        )


def _cite_keys(session: Session, review_id: int, wishes: Sequence[SourceCreate]) -> list[str]:
    """Check the cite keys given, then make the missing ones so that they clash with none."""
    taken = keys_in_use(session, review_id)
    for n, wish in enumerate(wishes):
        if wish.cite_key:
            _require_free(wish.cite_key, taken, f"{_place(n, len(wishes))}cite_key")
            taken.add(wish.cite_key)
    keys = []
    for wish in wishes:
        key = wish.cite_key or next(key for key in proposals(stem_of(wish)) if key not in taken)
        taken.add(key)
        keys.append(key)
    return keys


def stem_of(wish: SourceCreate) -> str:
    """Return what a made cite key begins with: first author and year."""
    family = _family(wish.authors[0]) if wish.authors else "anon"
    return f"{family}{'nd' if wish.year is None else wish.year}"


def proposals(stem: str) -> Iterator[str]:
    """Give rousseau1998, rousseau1998a … rousseau1998z, rousseau1998aa …, for ever."""
    yield stem
    for length in count(1):
        for letters in product(string.ascii_lowercase, repeat=length):
            yield stem + "".join(letters)


def _family(name: Name) -> str:
    words = search_key(name.family or name.literal or name.given or "")
    return re.sub(r"[\W_]", "", words)[:LONGEST_FAMILY] or "anon"
