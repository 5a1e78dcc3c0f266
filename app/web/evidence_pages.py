"""The evidence table as a page: its columns and groups, and how it will print."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from app.access.identity import Exporting
from app.access.models import Review
from app.db import SessionDep
from app.export.evidence_table import (
    EvidenceTableWish,
    Unit,
    grouped,
    known_columns,
    table_columns,
    ungrouped_rows,
)
from app.export.own_columns import own_columns
from app.export.writers import Cell, Column
from app.theory.view_models import ViewKind
from app.web.filtering import chips, filter_choices, own_fields_of_form
from app.web.framing import in_review
from app.web.keeping import NAMED, keeping
from app.web.wishes import Query, address, given, read_wish

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

PREVIEWED = 50
SORTED = 2_000
"""Rows read to show how groups begin; files group all of them."""
FORMATS = {"csv": "CSV", "xlsx": "Excel", "html": "HTML", "md": "Markdown", "json": "JSON"}
SHAPE = ("per", "columns", "group", "add", NAMED)
ALL_OWN = ("field_", "source_field_")
"""Names nobody has, which make own columns known."""


class EvidencePageWish(EvidenceTableWish):
    """What the page asks: the table, and which saved view is being changed."""

    view: str | None = None
    add: str | None = None
    """A column to put at the end."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A column of the table, and the addresses that move it or take it out."""

    column: Column
    left: str | None
    right: str | None
    out: str | None


@router.get("/evidence")
def show_evidence(request: Request, member: Exporting, session: SessionDep) -> Response:
    """Show how the evidence table begins, as it will print, and let people build it."""
    query = given(request)
    wish = read_wish(EvidencePageWish, query)
    if wish.add:
        asked = _with_columns(query, [*_names(wish), wish.add])
        return RedirectResponse(f"{request.url.path}{asked}", status_code=303)
    columns = table_columns(session, member.review_id, wish)
    rows = _previewed(session, member.review, wish)
    shown = [
        i
        for i in range(len(columns))
        if wish.columns or any(row[i] is not None for row in rows) or columns[i].name == wish.group
    ]
    plain = [pair for pair in query if pair[0] not in {NAMED, "add"}]
    known = known_columns(wish.per, own_columns(session, member.review_id, ALL_OWN))
    return in_review(
        session,
        member,
        "evidence.html",
        "evidence",
        wish=wish,
        units=list(Unit),
        chosen=_chosen(query, columns),
        others=[(n, c.title) for n, c in known.items() if n not in {c.name for c in columns}],
        known=[(name, column.title) for name, column in known.items()],
        columns=[columns[i] for i in shown],
        empty=[column for i, column in enumerate(columns) if i not in shown],
        groups=_groups(rows[:PREVIEWED], shown, columns, wish.group),
        many=min(len(rows), PREVIEWED),
        has_more=len(rows) > PREVIEWED,
        sorted_first=SORTED,
        downloads={kind: (name, address(plain, format=kind)) for kind, name in FORMATS.items()},
        kept=own_fields_of_form(query, {"per", "group", "add"}),
        chips=chips(query, SHAPE),
        choices=filter_choices(),
        here=address(query),
        default_columns=address(query, columns=None) if wish.columns else None,
        keeping=keeping(session, member, ViewKind.EVIDENCE, query),
    )


def _names(wish: EvidenceTableWish) -> list[str]:
    """Return the columns as they are, where none are chosen the default ones."""
    return wish.columns or wish.model_copy(update={"group": None}).names()


def _with_columns(query: Query, names: Sequence[str]) -> str:
    kept = [pair for pair in query if pair[0] not in {"columns", "add"}]
    return address([*kept, *(("columns", name) for name in dict.fromkeys(names))])


def _chosen(query: Query, columns: Sequence[Column]) -> list[Chosen]:
    names = [column.name for column in columns]

    def swapped(i: int, j: int) -> str:
        order = names.copy()
        order[i], order[j] = order[j], order[i]
        return _with_columns(query, order)

    last = len(names) - 1
    return [
        Chosen(
            column=column,
            left=swapped(i - 1, i) if i > 0 else None,
            right=swapped(i, i + 1) if i < last else None,
            out=_with_columns(query, [*names[:i], *names[i + 1 :]]) if last else None,
        )
        for i, column in enumerate(columns)
    ]


def _previewed(session: Session, review: Review, wish: EvidenceTableWish) -> list[list[Cell]]:
    """Return the first rows and one more; of groups, as the first couple of thousand rows make."""
    rows = ungrouped_rows(session, review, wish, "")
    if not wish.group:
        return list(islice(rows, PREVIEWED + 1))
    return grouped(islice(rows, SORTED), wish.names().index(wish.group))[: PREVIEWED + 1]


def _groups(
    rows: Sequence[list[Cell]], shown: Sequence[int], columns: Sequence[Column], group: str | None
) -> list[tuple[Any, list[list[Cell]]]]:
    """Return the rows with the cells shown, by value of the group, or all in one."""
    if group is None:
        return [(None, [[row[i] for i in shown] for row in rows])] if rows else []
    place = [column.name for column in columns].index(group)
    return [
        (value, [[row[i] for i in shown] for row in some])
        for value, some in groupby(rows, key=lambda row: row[place])
    ]
