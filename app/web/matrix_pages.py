"""The matrix as a page: a table first, a heat map second, and what is behind a cell beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import Field
from sqlalchemy.orm import Session

from app.access.identity import Member, Reading
from app.access.policy import Right, may
from app.coding.tree import Tree
from app.db import SessionDep
from app.export.matrix_formats import MatrixFormat
from app.synthesis.matrix import Cell, Heading, Matrix, MatrixWish, matrix
from app.synthesis.totals import CountedBy
from app.theory.filters import Condition
from app.theory.listing import ConfigurationWish
from app.theory.schemas import EvidenceRead
from app.theory.view_models import ViewKind
from app.theory.vocabulary import Role
from app.web.asking import asked
from app.web.cited import first_that_fit, words_behind
from app.web.filtering import chips, filter_choices, own_fields_of_form
from app.web.framing import in_review
from app.web.keeping import NAMED, keeping
from app.web.wishes import Query, address, read_wish

router = APIRouter(prefix="/reviews/{slug}", include_in_schema=False)

BEHIND = 20
"""Configurations shown beside the matrix; the list has them all."""
MOST_ROWS = 40
MOST_COLUMNS = 25
"""Lines shown of a large matrix: those with most sources. The figures of all are in the files."""
SHAPE = (
    *("rows", "columns", "split_rows", "split_columns", "depth_rows", "depth_columns"),
    *("through", "by", "shading", "stances"),
)
"""Parameters that fields of the form stand for."""
NOT_ASKED = ("cell", "shading", "stances", "whole", NAMED)
"""Parameters of the page alone: how it is shown."""


class MatrixPageWish(MatrixWish):
    """What the page shows: the question, how cells look, and which cell is open."""

    shading: bool = False
    stances: bool = False
    """Show in each cell what supports and what refutes, rather than sources and configurations."""
    cell: list[Condition] = Field(default_factory=list, max_length=2)
    """Row and column of the open cell, as conditions of the filter."""
    view: str | None = None
    whole: bool = False
    """Show every row and column, however many there are."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What is behind a cell: its configurations, the first of them, with their words."""

    cell: Cell
    query: str
    """Of the list of configurations, which has them all."""
    items: list[dict[str, Any]]
    evidence: dict[int, list[EvidenceRead]]


@router.get("/matrix")
def show_matrix(request: Request, member: Reading, session: SessionDep) -> Response:
    """Show a matrix as a table; each cell opens the configurations counted in it."""
    question = asked(request, session, member.review_id, ["through"])
    if elsewhere := question.elsewhere(request):
        return elsewhere
    wish = question.wish(MatrixPageWish)
    answer = matrix(session, member.review, wish)
    query = question.query
    plain = [pair for pair in query if pair[0] not in NOT_ASKED]
    return in_review(
        session,
        member,
        "matrix.html",
        "matrix",
        wish=wish,
        matrix=answer,
        rows=_most(answer.rows, MOST_ROWS, wish),
        columns=_most(answer.columns, MOST_COLUMNS, wish),
        whole=address(query, whole="true"),
        cells={(cell.row, cell.column): cell for cell in answer.cells},
        question=question,
        offers=question.offers(mechanisms=True),
        opened=_opened(session, member, answer, wish, question.tree),
        roles=list(Role),
        counted_by=list(CountedBy),
        kept=own_fields_of_form(query, {*SHAPE, "cell"}),
        chips=chips(query, {*SHAPE, "cell", NAMED}),
        choices=filter_choices(),
        here=address([pair for pair in query if pair[0] != "cell"]),
        question_query=address(plain),
        downloads=_downloads(member, plain),
        keeping=keeping(session, member, ViewKind.MATRIX, query),
    )


def _most(lines: Sequence[Heading], many: int, wish: MatrixPageWish) -> list[tuple[int, Heading]]:
    """Return lines with their places, in their order: all, or those with most sources."""
    placed = list(enumerate(lines))
    if wish.whole or len(placed) <= many:
        return placed
    weightiest = sorted(placed, key=lambda pair: _weight(pair[1], wish), reverse=True)
    return sorted(weightiest[:many])


def _weight(line: Heading, wish: MatrixPageWish) -> tuple[bool, int, int]:
    """Weigh a line: that of the open cell most, then by sources, then by configurations."""
    figures = line.figures
    return line.condition in wish.cell, figures.sources, figures.configurations


def _downloads(member: Member, query: Query) -> dict[str, str]:
    """Return kind and address of every file, for who may take some away."""
    if not may(member.role, Right.EXPORT):
        return {}
    return {form.value: address(query, format=form.value) for form in MatrixFormat}


def _opened(
    session: Session, member: Member, answer: Matrix, wish: MatrixPageWish, tree: Tree
) -> Opened | None:
    """Return what is behind the cell the address names; None where there is no such cell."""
    wanted = tuple(wish.cell)
    found = next(
        (
            cell
            for cell in answer.cells
            if (answer.rows[cell.row].condition, answer.columns[cell.column].condition) == wanted
        ),
        None,
    )
    if found is None:
        return None
    query = parse_qsl(urlsplit(found.url).query)
    fits = read_wish(ConfigurationWish, [*query, ("limit", str(BEHIND))])
    items = first_that_fit(session, member.review_id, fits, tree)
    return Opened(
        cell=found,
        query=address(query),
        items=items,
        evidence=words_behind(session, member.review_id, [item["id"] for item in items]),
    )
