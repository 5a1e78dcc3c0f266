"""Which entries answer a query: few are read whole, of many only so many of each kind.

Rating every hit of a common word would take time in proportion to the review. So at most `RATED`
of each kind are, those that lie first in the index; whoever asks is told when there are more.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Row,
    Select,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from app.fulltext.expressions import fts5, tsquery
from app.fulltext.models import KINDS, TextKind
from app.fulltext.query import Query
from app.fulltext.stores import (
    ENTRY,
    ENTRY_BITS,
    KIND_BITS,
    POSTGRESQL_ENTRY,
    SQLITE_INDEX,
    first_row,
    is_sqlite,
)

RATED = 500
"""Entries of one kind that are rated."""
FEW = 100
"""Entries of all kinds together that one question reads at once."""
SHOWN = ("kind", "number", "part", "start_at", "end_at", "title", "names", "body")
_LETTERS = "".join(KINDS)
_LAST_ENTRY = (1 << ENTRY_BITS) - 1


def matching(
    session: Session, review_id: int, query: Query
) -> tuple[Sequence[Row[Any]], set[TextKind]]:
    """Return entries that answer a query, and the kinds of which more do than were read."""
    is_all = len(query.kinds) == len(KINDS)
    if is_all:
        few = _rows(session, review_id, query, None, FEW + 1)
        if len(few) <= FEW:
            return few, set()
    there = _kinds_there(session, review_id)
    rows: list[Row[Any]] = []
    cut = set()
    for kind in (kind for kind in query.kinds if kind in there):
        found = _rows(session, review_id, query, kind, RATED + 1)
        rows += found[:RATED]
        if len(found) > RATED:
            cut.add(kind)
    return rows, cut


def _kinds_there(session: Session, review_id: int) -> set[TextKind]:
    """Return the kinds a review has entries of, for each costs a walk of its own."""
    columns = ENTRY.columns
    found = session.execute(
        select(
            *(
                exists().where(columns.review_id == review_id, columns.kind == kind.value)
                for kind in KINDS
            )
        )
    ).one()
    return {kind for kind, is_there in zip(KINDS, found, strict=True) if is_there}


def _rows(
    session: Session, review_id: int, query: Query, kind: TextKind | None, most: int
) -> Sequence[Row[Any]]:
    if is_sqlite(session):
        first = first_row(review_id, kind or KINDS[0])
        last = (first if kind else first_row(review_id, KINDS[-1])) + _LAST_ENTRY
        given = {"wanted": fts5(query), "first": first, "last": last}
        found = session.execute(_SQLITE, {"review": review_id, "most": most, **given})
    else:
        given = {"wanted": tsquery(query, review_id), "kind": kind.value if kind else None}
        statement = _POSTGRESQL if kind else _POSTGRESQL_ALL
        found = session.execute(statement, {"review": review_id, "most": most, **given})
    return found.all()


def _sqlite() -> Select[Any]:
    """Walk the index within a stretch of row numbers, which tell kind and place of the entry."""
    index, columns = SQLITE_INDEX.columns, ENTRY.columns
    row = index.rowid
    rank = row.op(">>")(ENTRY_BITS).op("&")((1 << KIND_BITS) - 1)
    return (
        select(*(columns[name] for name in SHOWN))
        .select_from(SQLITE_INDEX)
        .join(
            ENTRY,
            (columns.review_id == bindparam("review"))
            & (columns.kind == func.substr(literal(_LETTERS), rank + 1, 1))
            & (columns.entry == row.op("&")(literal(_LAST_ENTRY, BigInteger))),
        )
        .where(index.text_index.op("MATCH")(bindparam("wanted")))
        .where(row.between(bindparam("first", type_=BigInteger), bindparam("last")))
        .order_by(row)
        .limit(bindparam("most"))
    )


def _postgresql() -> Select[Any]:
    columns = POSTGRESQL_ENTRY.columns
    wanted = cast(bindparam("wanted"), TSQUERY)
    return (
        select(*(columns[name] for name in SHOWN))
        .where(columns.review_id == bindparam("review"), columns.vector.op("@@")(wanted))
        .limit(bindparam("most"))
    )


_SQLITE = _sqlite()
_POSTGRESQL_ALL = _postgresql()
_POSTGRESQL = (
    _postgresql()
    .where(POSTGRESQL_ENTRY.columns.kind == bindparam("kind"))
    .order_by(POSTGRESQL_ENTRY.columns.entry)
)
