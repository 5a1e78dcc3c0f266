"""What schemas complain of, said in plain words."""

from datetime import date
from typing import Annotated, Literal, Self

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError, model_validator

from app.complaints import FieldValueError, explain, place_of


class Asked(BaseModel):
    number: int = 1
    day: date | None = None
    is_so: bool = True
    kind: Literal["raw", "consolidated"] = "raw"
    title: Annotated[str, Field(min_length=1, max_length=3)] = "T"
    password: Annotated[SecretStr, Field(min_length=12)] = SecretStr("x" * 12)
    items: Annotated[list[int], Field(min_length=1)] = [1]
    year: Annotated[int, Field(le=9999)] = 1

    @model_validator(mode="after")
    def _has_a_reason(self) -> Self:
        if self.number == 0:
            raise FieldValueError("reason", "say why")
        return self


def complaint(**given: object) -> tuple[str, str]:
    with pytest.raises(ValidationError) as refused:
        Asked.model_validate(given)
    (error,) = refused.value.errors()
    return ".".join(map(str, place_of(error))), explain(error)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("number", "forthcoming", "not a whole number; write it in digits, such as 12"),
        ("number", 1.5, "not a whole number; write it in digits, such as 12"),
        ("day", "soon", "not a date; write year, month and day, such as 2026-03-14"),
        ("is_so", "perhaps", "neither true nor false; give one of them"),
        ("title", "", "empty; fill it in"),
        ("title", "Trust", "too long; write at most 3 characters"),
        ("password", "short", "too short; write at least 12 characters"),
        ("items", [], "too few; give at least 1"),
        ("year", 10_000, "too large; give at most 9999"),
    ],
)
def test_a_complaint_names_the_remedy(name: str, value: object, said: str) -> None:
    assert complaint(**{name: value}) == (name, said)


def test_a_choice_names_what_can_be_chosen() -> None:
    assert complaint(kind="odd")[1].endswith("give 'raw' or 'consolidated'")


def test_a_complaint_about_the_whole_stands_at_the_field_that_mends_it() -> None:
    assert complaint(number=0) == ("reason", "say why")
