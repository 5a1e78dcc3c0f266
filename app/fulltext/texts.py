"""What is searchable of each kind of thing: its texts, and the marks that filters ask for."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, select, union
from sqlalchemy.orm import Session

from app.coding.models import Coding, Concept, ConceptAlias, ConceptDefinition, Memo, Quote
from app.db import Base
from app.fulltext.models import TextKind
from app.library.models import Document, Source
from app.theory.models import Configuration, Element, Evidence

MODELS: dict[TextKind, type[Base]] = {
    TextKind.CONCEPT: Concept,
    TextKind.CONFIGURATION: Configuration,
    TextKind.QUOTE: Quote,
    TextKind.MEMO: Memo,
    TextKind.SOURCE: Source,
    TextKind.DOCUMENT: Document,
}
"""The table whose rows carry the numbers of each kind."""


LAST_YEAR = 9999


class Place(StrEnum):
    """Where in an entry a text stands; what `in:` asks for."""

    TITLE = "title"
    NAMES = "names"
    TEXT = "text"


class Text(NamedTuple):
    """One searchable text of a thing, under the name of its field."""

    field: str
    place: Place
    text: str


@dataclass(slots=True)
class Thing:
    """A thing as search reads it.

    `label` is how lists call it; `source_id` whose words it holds or whose text it is.
    """

    number: int
    label: str
    texts: list[Text]
    source_id: int | None = None
    year: int | None = None
    merged_into_id: int | None = None
    page: str | None = None
    page_breaks: list[int] | None = None
    marks: list[str] = field(default_factory=list)


Numbers = Sequence[int]
Reader = Callable[[Session, int, Numbers], Iterator[Thing]]


def read_things(
    session: Session, review_id: int, kind: TextKind, numbers: Numbers
) -> Iterator[Thing]:
    """Yield those of the things that are there, in the order of their numbers, without marks."""
    return _READERS[kind](session, review_id, numbers)


def marked(session: Session, review_id: int, kind: TextKind, things: Sequence[Thing]) -> None:
    """Give things their marks: sources `s:12`, concepts `k:5`, years `y:2013` and its beginnings.

    A year has a mark for each beginning of its four digits, so that a span of years takes few.
    """
    tied = _ties(session, review_id, kind, [thing.number for thing in things])
    for thing in things:
        sources, concepts = tied[thing.number]
        if thing.source_id:
            sources.add(thing.source_id)
        thing.marks = [f"s:{number}" for number in sorted(sources)]
        thing.marks += [f"k:{number}" for number in sorted(concepts)]
        thing.marks += year_marks(thing.year)


def source_marks(number: int, year: int | None) -> list[str]:
    """Return the marks of a source, which quotes and documents of it share."""
    return [f"s:{number}", *year_marks(year)]


@lru_cache(maxsize=512)
def year_marks(year: int | None) -> tuple[str, ...]:
    """Return the marks of a year: 2013 → y:2, y:20, y:201, y:2013; none outside four digits."""
    if year is None or not 0 <= year <= LAST_YEAR:
        return ()
    return tuple(f"y:{year:04}"[:length] for length in range(3, 7))


Ties = dict[int, tuple[set[int], set[int]]]


def _ties(session: Session, review_id: int, kind: TextKind, numbers: Numbers) -> Ties:
    """Return the sources and concepts each thing is tied to."""
    ties: Ties = defaultdict(lambda: (set(), set()))
    for which, statement in enumerate(_TIES[kind]):
        if statement is not None:
            for number, other in session.execute(statement(review_id, numbers)):
                ties[number][which].add(other)
    return ties


Tie = Callable[[int, Numbers], Any]


def _tie(of: Any, other: Any) -> Tie:
    """Return what selects pairs of numbers from two columns of one table."""

    def statement(review_id: int, numbers: Numbers) -> Any:
        table = of.class_
        return select(of, other).where(
            table.review_id == review_id, of.in_(numbers), other.is_not(None)
        )

    return statement


def _either(*ties: Tie) -> Tie:
    return lambda review_id, numbers: union(*(tie(review_id, numbers) for tie in ties))


def _subject(kind: str) -> Tie:
    def statement(review_id: int, numbers: Numbers) -> Any:
        return select(Memo.id, Memo.subject_id).where(
            Memo.review_id == review_id,
            Memo.id.in_(numbers),
            Memo.subject_kind == kind,
            Memo.subject_id.is_not(None),
        )

    return statement


_TIES: dict[TextKind, tuple[Tie | None, Tie | None]] = {
    TextKind.CONCEPT: (
        _tie(ConceptDefinition.concept_id, ConceptDefinition.source_id),
        _tie(Concept.id, Concept.id),
    ),
    TextKind.CONFIGURATION: (
        _either(
            _tie(Evidence.configuration_id, Evidence.source_id),
            _tie(Evidence.configuration_id, Evidence.cited_source_id),
        ),
        _tie(Element.configuration_id, Element.concept_id),
    ),
    TextKind.QUOTE: (None, _tie(Coding.quote_id, Coding.concept_id)),
    TextKind.MEMO: (_subject("S"), _subject("K")),
    TextKind.SOURCE: (None, None),
    TextKind.DOCUMENT: (None, None),
}


def _where(model: Any, review_id: int, numbers: Numbers) -> ColumnElement[bool]:
    return and_(model.review_id == review_id, model.id.in_(numbers))


def _texts(*found: tuple[str, Place, str | None]) -> list[Text]:
    return [Text(name, place, text) for name, place, text in found if text]


def _sources(session: Session, review_id: int, numbers: Numbers) -> Iterator[Thing]:
    found = session.execute(
        select(
            Source.id,
            Source.cite_key,
            Source.title,
            Source.authors,
            Source.year,
            Source.container_title,
            Source.doi,
            Source.abstract,
            Source.merged_into_id,
        )
        .where(_where(Source, review_id, numbers))
        .order_by(Source.id)
    )
    for row in found:
        texts = _texts(
            ("title", Place.TITLE, row.title),
            ("abstract", Place.TEXT, row.abstract),
            ("authors", Place.NAMES, _people(row.authors)),
            ("container_title", Place.NAMES, row.container_title),
            ("doi", Place.NAMES, row.doi),
            ("cite_key", Place.NAMES, row.cite_key),
        )
        yield Thing(row.id, row.title, texts, row.id, row.year, row.merged_into_id)


def _people(authors: Iterable[Any]) -> str:
    """Write names one after the other, given name first."""
    return ", ".join(_name(author) for author in authors)


def _name(author: Any) -> str:
    if not isinstance(author, dict):
        return str(author)
    order = ("given", "non-dropping-particle", "family", "literal")
    return " ".join(str(author[part]) for part in order if author.get(part))


def _quotes(session: Session, review_id: int, numbers: Numbers) -> Iterator[Thing]:
    found = session.execute(
        select(Quote.id, Quote.exact, Quote.note, Quote.source_id, Quote.page)
        .add_columns(Source.cite_key, Source.year)
        .join(Source, and_(Source.review_id == Quote.review_id, Source.id == Quote.source_id))
        .where(_where(Quote, review_id, numbers))
        .order_by(Quote.id)
    )
    for row in found:
        texts = _texts(("exact", Place.TEXT, row.exact), ("note", Place.TEXT, row.note))
        yield Thing(row.id, row.cite_key, texts, row.source_id, row.year, page=row.page)


def _memos(session: Session, review_id: int, numbers: Numbers) -> Iterator[Thing]:
    found = session.execute(
        select(Memo.id, Memo.kind, Memo.text, Memo.subject_kind, Memo.subject_id)
        .where(_where(Memo, review_id, numbers))
        .order_by(Memo.id)
    )
    for row in found:
        about = f" on {row.subject_kind}{row.subject_id}" if row.subject_kind else ""
        yield Thing(row.id, f"{row.kind.value} memo{about}", _texts(("text", Place.TEXT, row.text)))


def _configurations(session: Session, review_id: int, numbers: Numbers) -> Iterator[Thing]:
    wordings: dict[int, list[str]] = defaultdict(list)
    for number, wording in session.execute(
        select(Element.configuration_id, Element.wording)
        .where(Element.review_id == review_id, Element.configuration_id.in_(numbers))
        .order_by(Element.configuration_id, Element.position, Element.n)
    ):
        wordings[number].append(wording)
    found = session.execute(
        select(Configuration.id, Configuration.title, Configuration.statement)
        .where(_where(Configuration, review_id, numbers))
        .order_by(Configuration.id)
    )
    for row in found:
        texts = _texts(
            ("title", Place.TITLE, row.title), ("statement", Place.TEXT, row.statement)
        ) + [Text("wording", Place.TEXT, wording) for wording in wordings[row.id]]
        label = row.title or row.statement or " → ".join(wordings[row.id])
        yield Thing(row.id, label, texts)


def _concepts(session: Session, review_id: int, numbers: Numbers) -> Iterator[Thing]:
    more: dict[int, list[Text]] = defaultdict(list)
    for name, place, of, text in (
        ("definition", Place.TEXT, ConceptDefinition.concept_id, ConceptDefinition.text),
        ("alias", Place.NAMES, ConceptAlias.concept_id, ConceptAlias.label),
    ):
        pairs = select(of, text).where(of.class_.review_id == review_id, of.in_(numbers))
        for number, words in session.execute(pairs.order_by(of, text)):
            more[number].append(Text(name, place, words))
    found = session.execute(
        select(Concept.id, Concept.label, Concept.referent, Concept.merged_into_id)
        .where(_where(Concept, review_id, numbers))
        .order_by(Concept.id)
    )
    for row in found:
        texts = _texts(("label", Place.TITLE, row.label), ("referent", Place.TITLE, row.referent))
        label = f"{row.label} ({row.referent})" if row.referent else row.label
        yield Thing(row.id, label, texts + more[row.id], merged_into_id=row.merged_into_id)


def document_label(cite_key: str | None, file_name: str) -> str:
    """Name a document by its source and its file; one that waits for its source by its file."""
    return f"{cite_key}, {file_name}" if cite_key else file_name


def _documents(session: Session, review_id: int, numbers: Numbers) -> Iterator[Thing]:
    """Yield documents with their whole text, one at a time."""
    for number in numbers:
        found = session.execute(
            select(Document.id, Document.file_name, Document.source_id, Document.page_breaks)
            .add_columns(Document.text, Source.cite_key, Source.year)
            .outerjoin(
                Source,
                and_(Source.review_id == Document.review_id, Source.id == Document.source_id),
            )
            .where(_where(Document, review_id, [number]))
        ).first()
        if found is not None:
            yield Thing(
                number,
                document_label(found.cite_key, found.file_name),
                _texts(("text", Place.TEXT, found.text)),
                found.source_id,
                found.year,
                page_breaks=found.page_breaks,
            )


_READERS: dict[TextKind, Reader] = {
    TextKind.CONCEPT: _concepts,
    TextKind.CONFIGURATION: _configurations,
    TextKind.QUOTE: _quotes,
    TextKind.MEMO: _memos,
    TextKind.SOURCE: _sources,
    TextKind.DOCUMENT: _documents,
}
