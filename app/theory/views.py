"""Saved views: questions kept under a name. Which questions there are is said from the right."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, get_origin
from urllib.parse import urlencode

from pydantic import ValidationError
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.complaints import explain
from app.db import Schema, take_numbers
from app.errors import FieldProblem, InvalidError, NotFoundError, TakenError
from app.history.reading import deletions, gone
from app.theory.references import assign, refuse
from app.theory.view_models import SavedView, ViewKind
from app.theory.view_schemas import ViewCreate, ViewFilter, ViewRead, ViewUpdate

NEVER_KEPT = {"after"}
"""A view begins at its beginning."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question that can be kept: its parameters, and where below a review it is asked."""

    schema: type[Schema]
    path: str
    page: str


Questions: TypeAlias = Mapping[ViewKind, Question]


def select_views(review_id: int, wish: ViewFilter) -> Select[SavedView]:
    """Select the saved views of a review that fit; the caller orders and pages them."""
    statement = select(SavedView).where(SavedView.review_id == review_id)
    if wish.kind is not None:
        statement = statement.where(SavedView.kind == wish.kind)
    if wish.created_by is not None:
        statement = statement.where(SavedView.created_by == wish.created_by)
    return statement


def views_by_title(review_id: int) -> Select[SavedView]:
    """Select all saved views of a review as people look for them."""
    return select_views(review_id, ViewFilter()).order_by(SavedView.title, SavedView.id)


def find_view(session: Session, review_id: int, slug: str) -> SavedView:
    """Return the saved view of a name; 410 when it was deleted, 404 names those there are."""
    every = select_views(review_id, ViewFilter())
    found = session.scalar(every.where(SavedView.slug == slug))
    if found is not None:
        return found
    for deletion in deletions(session, review_id, SavedView):
        if (deletion.before or {}).get("slug") == slug:
            raise gone("V", deletion.aggregate_id, deletion.change_set_id)
    slugs = session.scalars(select(SavedView.slug).where(SavedView.review_id == review_id))
    known = ", ".join(sorted(slugs)[:20]) or "none yet"
    raise NotFoundError(f"There is no saved view {slug} in this review; there are: {known}.")


def add_view(session: Session, member: Member, wish: ViewCreate, questions: Questions) -> SavedView:
    """Keep a question; 422 names the parameter it does not take, 409 a name in use."""
    query = settle_query(questions, wish.kind, wish.query)
    here = select_views(member.review_id, ViewFilter())
    if session.scalar(here.where(SavedView.slug == wish.slug)) is not None:
        raise TakenError(
            f"slug: the review has a saved view {wish.slug} already; choose another name.",
            fields=[FieldProblem("slug", "taken by another saved view")],
        )
    view = SavedView(
        **wish.model_dump() | {"query": query},
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "V"),
        created_by=member.user.id,
    )
    session.add(view)
    session.flush()
    return view


def change_view(
    session: Session, view: SavedView, wish: ViewUpdate, questions: Questions
) -> SavedView:
    """Change title, description or parameters; `query` is replaced as a whole."""
    values = wish.model_dump(exclude_unset=True)
    if "query" in values:
        values["query"] = settle_query(questions, view.kind, wish.query)
    assign(view, values)
    view.version += 1
    session.flush()
    return view


def delete_view(session: Session, view: SavedView) -> None:
    """Delete a saved view; the history brings it back."""
    session.delete(view)
    session.flush()


def read_view(view: SavedView, questions: Questions, start: str, review: str) -> ViewRead:
    """Read a saved view; `start` is where absolute addresses begin, or empty."""
    question = _question(questions, view.kind)
    query = query_of(view.query)
    return ViewRead(
        **{name: getattr(view, name) for name in ViewRead.model_fields if "url" not in name},
        url=f"{start}/api/v1/reviews/{review}/{question.path}{query}",
        page_url=f"{start}/reviews/{review}/{question.page}{query}",
    )


def query_of(parameters: Mapping[str, Any]) -> str:
    """Write parameters as the query of an address, in a stable order; nothing for none."""
    pairs = [
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, given in sorted(parameters.items())
        for value in (given if isinstance(given, list) else [given])
    ]
    return f"?{urlencode(pairs, safe=':*')}" if pairs else ""


def asked(view: SavedView, questions: Questions) -> Any:
    """Return the wish a saved view stands for, as the question itself takes it."""
    return _question(questions, view.kind).schema.model_validate(view.query)


def _question(questions: Questions, kind: ViewKind) -> Question:
    if kind in questions:
        return questions[kind]
    known = ", ".join(questions)
    raise InvalidError(
        f"kind: {kind} cannot be kept as a view; choose of {known}.",
        fields=[FieldProblem("kind", f"choose of {known}")],
    )


def settle_query(questions: Questions, kind: ViewKind, query: Mapping[str, Any]) -> dict[str, Any]:
    """Check parameters as the question would and return them without defaults, in order."""
    schema = _question(questions, kind).schema
    lists = {n for n, field in schema.model_fields.items() if get_origin(field.annotation) is list}
    given = {
        name: [value] if name in lists and not isinstance(value, list) else value
        for name, value in query.items()
    }
    try:
        wish = schema.model_validate(given)
    except ValidationError as error:
        refuse([FieldProblem(_place(e["loc"]), _explain(e)) for e in error.errors()])
        raise
    kept = wish.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=NEVER_KEPT)
    return {name: kept[name] for name in sorted(kept)}


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(["query", *(str(part) for part in loc)])


def _explain(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "the question has no such parameter; remove it or check its spelling"
    return explain(error)
