"""What goes in and out about saved views."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from app.access.schemas import Slug
from app.db import Id, PageWish, Prose, Schema, Title
from app.theory.view_models import ViewKind

Parameters = Annotated[dict[str, Any], Field(max_length=100)]
"""The parameters of a question by name; those that may be repeated hold a list."""


class ViewCreate(Schema):
    """A question to keep under a name."""

    slug: Slug
    """Its name in addresses; never changes."""
    title: Title
    description: Prose | None = None
    kind: ViewKind
    query: Parameters = Field(default_factory=dict)


class ViewUpdate(Schema):
    """What to change of a saved view (JSON merge patch); `query` is replaced as a whole."""

    title: Title = ""
    description: Prose | None = None
    query: Parameters = Field(default_factory=dict)


class ViewFilter(PageWish):
    """Which saved views are wanted."""

    kind: ViewKind | None = None
    created_by: Id | None = None


class ViewRead(Schema):
    """A saved view, with the addresses of its answer."""

    id: Id
    slug: str
    title: str
    description: str | None
    kind: ViewKind
    query: Parameters
    """As it was understood: defaults left out."""
    url: str
    """Asks the question now."""
    page_url: str
    """Shows the answer as a page."""
    created_by: int | None
    created_at: datetime
    version: int
