"""What is shown of each hit: the thing, the stretch of its text that matched, where it stands."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.coding.anchoring import page_at
from app.fulltext.models import TextKind
from app.fulltext.query import Term
from app.fulltext.ranking import Candidate, Standing
from app.fulltext.schemas import Hit, Snippet
from app.fulltext.snippets import Cut, cut
from app.fulltext.texts import Place, Text, Thing, document_label, read_things
from app.library.models import Document, Source
from app.library.passages import label_of

FOLDERS = {
    TextKind.CONCEPT: "concepts",
    TextKind.CONFIGURATION: "configurations",
    TextKind.QUOTE: "quotes",
    TextKind.MEMO: "memos",
    TextKind.SOURCE: "sources",
}
LONGEST_LABEL = 160


def read_hits(
    session: Session,
    review_id: int,
    candidates: Sequence[Candidate],
    terms: Sequence[Term],
    root: str,
) -> list[Hit]:
    """Return the hits behind candidates, in their order; `root` is the review's address."""
    numbers: dict[TextKind, list[int]] = defaultdict(list)
    for candidate in candidates:
        numbers[candidate.kind].append(candidate.standing.number)
    things: dict[tuple[TextKind, int], Thing] = {
        (kind, thing.number): thing
        for kind, some in numbers.items()
        if kind is not TextKind.DOCUMENT
        for thing in read_things(session, review_id, kind, sorted(set(some)))
    }
    passages = _passages(session, review_id, candidates)
    hits = []
    for candidate in candidates:
        if passage := passages.get(candidate.standing):
            hits.append(_passage(candidate, passage, terms, root))
        elif thing := things.get((candidate.kind, candidate.standing.number)):
            hits.append(_whole(candidate, thing, terms, root))
    return hits


def _whole(candidate: Candidate, thing: Thing, terms: Sequence[Term], root: str) -> Hit:
    field, stretch = _best([(text, cut(text.text, terms)) for text in thing.texts])
    letter = candidate.kind.value
    return Hit(
        thing=f"{letter}{thing.number}",
        kind=candidate.kind,
        number=thing.number,
        label=_short(thing.label),
        source_id=thing.source_id,
        page=thing.page,
        start=None,
        end=None,
        merged_into=f"{letter}{thing.merged_into_id}" if thing.merged_into_id else None,
        snippet=_snippet(field, stretch),
        score=-candidate.standing.minus_score,
        url=f"{root}/{FOLDERS[candidate.kind]}/{thing.number}",
    )


def _best(cuts: Sequence[tuple[Text, Cut]]) -> tuple[str, Cut]:
    """Return the field that shows most terms; the text itself before title and names."""
    order = (Place.TEXT, Place.TITLE, Place.NAMES)
    text, stretch = max(cuts, key=lambda pair: (pair[1].terms, -order.index(pair[0].place)))
    return text.field, stretch


def _passages(
    session: Session, review_id: int, candidates: Sequence[Candidate]
) -> dict[Standing, Row[Any]]:
    """Return the texts of passages and what they are of, in one query; texts stay unread else."""
    wanted = [c for c in candidates if c.kind is TextKind.DOCUMENT]
    if not wanted:
        return {}
    selects = [
        select(Document.file_name, Document.source_id, Source.cite_key)
        .add_columns(
            Document.page_breaks,
            Document.page_labels,
            func.substr(Document.text, (c.start or 0) + 1, (c.end or 0) - (c.start or 0)).label(
                "words"
            ),
            literal(at).label("at"),
        )
        .outerjoin(
            Source, and_(Source.review_id == Document.review_id, Source.id == Document.source_id)
        )
        .where(Document.review_id == review_id, Document.id == c.standing.number)
        for at, c in enumerate(wanted)
    ]
    return {wanted[row.at].standing: row for row in session.execute(union_all(*selects))}


def _passage(candidate: Candidate, row: Row[Any], terms: Sequence[Term], root: str) -> Hit:
    first = candidate.start or 0
    stretch = cut(row.words, terms)
    found = stretch.ranges() or [(0, len(stretch.text))]
    start, end = (first + stretch.start + at for at in found[0])
    return Hit(
        thing=f"D{candidate.standing.number}",
        kind=TextKind.DOCUMENT,
        number=candidate.standing.number,
        label=_short(document_label(row.cite_key, row.file_name)),
        source_id=row.source_id,
        page=_page(row, start),
        start=start,
        end=end,
        merged_into=None,
        snippet=_snippet("text", stretch),
        score=-candidate.standing.minus_score,
        url=f"{root}/documents/{candidate.standing.number}/text?start={start}&end={end}",
    )


def _page(row: Row[Any], position: int) -> str | None:
    if row.page_breaks is None:
        return None
    return label_of(row.page_labels, page_at(row.page_breaks, position))


def _snippet(field: str, stretch: Cut) -> Snippet:
    return Snippet(field=field, text=stretch.text, ranges=stretch.ranges(), markup=stretch.markup())


def _short(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else f"{label[: LONGEST_LABEL - 1].rstrip()}…"
