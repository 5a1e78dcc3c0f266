"""What goes in and out about names and pseudonyms."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.db import Id, Line, Prose, Schema

Name = Annotated[
    str,
    StringConstraints(
        min_length=2, max_length=200, strip_whitespace=True, pattern=r"^[^\W_][^\x00\r\n]*$"
    ),
]


class PseudonymCreate(Schema):
    """A name as it is spoken or written, and what stands for it."""

    name: Name
    pseudonym: Line
    note: Prose | None = None
    """Who that is, as far as everybody may know."""


class PseudonymBulk(Schema):
    """Names with their pseudonyms; all go in or none."""

    items: list[PseudonymCreate] = Field(min_length=1, max_length=1_000)


class PseudonymRead(Schema):
    """A name, which null means was forgotten or never came here, and its pseudonym."""

    id: Id
    name: str | None
    pseudonym: str
    note: str | None
    created_by: int | None
    created_at: datetime


class NameFound(Schema):
    """Where a name still stands; it is told by its pseudonym."""

    thing: str
    """What people cite, as D4 or Q12; H12 is of the history."""
    column: str
    """Table and column as the data dictionary has them."""
    pseudonym: str
    places: int
    """How often it stands there."""


class TurnRead(Schema):
    """What one person says at a time, label included; code points, end exclusive."""

    start: int
    end: int
    speaker: str


class Speakers(Schema):
    """The labels by which turns of a transcript begin; none: no transcript."""

    speakers: list[Line] = Field(max_length=500)
