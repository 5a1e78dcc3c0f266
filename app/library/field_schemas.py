"""What goes in and out about a review's own fields, and their values on things."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from app.access.schemas import shaped
from app.complaints import FieldValueError
from app.db import Id, Line, PageWish, Prose, Schema, Title
from app.library.models import FieldSubject, FieldType

CHOOSING = (FieldType.CHOICE, FieldType.CHOICES)
RESERVED = ("any", "none")
"""What filters say for filled and empty."""
NAME = r"[a-z][a-z0-9_]{0,39}"
FieldName = Annotated[
    str,
    shaped(NAME, "begin with a lower-case letter; up to 40 of a-z, digits and _: study_design"),
    Field(json_schema_extra={"pattern": f"^{NAME}$"}),
]


def _are_distinct(choices: list[str]) -> list[str]:
    if len(set(choices)) < len(choices):
        raise ValueError("a choice stands there twice")
    if taken := sorted(set(choices) & set(RESERVED)):
        raise ValueError(f"{taken[0]} means filled or empty in filters; word the choice otherwise")
    return choices


Choices = Annotated[list[Line], Field(min_length=1, max_length=500), AfterValidator(_are_distinct)]
FieldValues = Annotated[dict[str, Any], Field(max_length=500)]
"""Values by the name of a field; what they may be is said by the fields of the review."""


class FieldCreate(Schema):
    """A new field of a review's own; its name and type never change."""

    subject: FieldSubject
    name: FieldName
    """Its key under `fields`, in filters and in columns: `study_design`."""
    label: Line | None = None
    """As screens and tables head it; by default its name."""
    type: FieldType
    choices: Choices | None = None
    """The allowed values in their order; of the types `choice` and `choices`."""
    help: Prose | None = None
    position: Annotated[int, Field(ge=0, le=100_000)] = 0

    @model_validator(mode="after")
    def has_choices_if_it_chooses(self) -> Self:
        """Refuse choices nothing can choose from, and a choice of nothing."""
        if (self.type in CHOOSING) != (self.choices is not None):
            raise FieldValueError(
                "choices", "give choices for the types choice and choices, and for no other"
            )
        return self


class FieldUpdate(Schema):
    """What to change of a field (JSON merge patch); a choice in use cannot be taken away."""

    label: Title = ""
    choices: Choices = Field(default_factory=list)
    help: Prose | None = None
    position: Annotated[int, Field(ge=0, le=100_000)] = 0


class FieldRead(Schema):
    """A field of a review's own."""

    id: Id
    subject: FieldSubject
    name: str
    label: str
    type: FieldType
    choices: list[str] | None
    help: str | None
    position: int
    created_by: int | None
    created_at: datetime
    version: int


class FieldDeletion(Schema):
    """Whether the values of a field are deleted with it."""

    drop_values: bool = False
    """Without it a field that is filled in anywhere stays; the history brings both back."""


class FieldFilter(PageWish):
    """Which fields are wanted."""

    subject: FieldSubject | None = None
