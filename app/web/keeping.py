"""Keeping a question under a name: what its page needs to offer that."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import get_origin

from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.policy import Right, may
from app.export.questions import QUESTIONS
from app.theory.view_models import ViewKind
from app.theory.view_schemas import ViewRead
from app.theory.views import read_view, views_by_title
from app.web.wishes import Query

NAMED = "view"
"""The parameter of a page that says which view is being changed."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """The views of one kind, a name nobody has, and the question as fields of a form."""

    kind: ViewKind
    views: list[ViewRead]
    changing: ViewRead | None
    """The view the address says is being changed."""
    slug: str
    fields: list[tuple[str, str]]
    may_keep: bool


def keeping(session: Session, member: Member, kind: ViewKind, query: Query) -> Keeping:
    """Say how the question of an address can be kept; one query."""
    views = [
        read_view(view, QUESTIONS, "", member.review.slug)
        for view in session.scalars(views_by_title(member.review_id))
    ]
    wanted = dict(query).get(NAMED)
    return Keeping(
        kind=kind,
        views=[view for view in views if view.kind is kind],
        changing=next((v for v in views if v.slug == wanted and v.kind is kind), None),
        slug=_free(kind.value, {view.slug for view in views}),
        fields=_fields(kind, query),
        may_keep=may(member.role, Right.CODE),
    )


def _free(word: str, taken: Iterable[str]) -> str:
    names = set(taken)
    if word not in names:
        return word
    return next(f"{word}-{n}" for n in range(2, len(names) + 3) if f"{word}-{n}" not in names)


def _fields(kind: ViewKind, query: Query) -> list[tuple[str, str]]:
    """Return the parameters that are part of the question, named as a form sends them."""
    schema = QUESTIONS[kind].schema
    known = {field.alias or name: field for name, field in schema.model_fields.items()}
    return [
        (f"query.{name}{'[]' if get_origin(known[name].annotation) is list else ''}", value)
        for name, value in query
        if name in known and name != "after"
    ]
