"""What a page's address asks for: forms send blank fields, which ask for nothing."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar, get_origin
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from app.db import Schema

Wish = TypeVar("Wish", bound=Schema)
Query = list[tuple[str, str]]
PAGING = {"after", "limit", "count"}


def given(request: Request) -> Query:
    """Return the parameters of the address that are not blank, in their order."""
    return [(name, value) for name, value in request.query_params.multi_items() if value]


def wish_of(schema: type[Wish]) -> Callable[[Request], Wish]:
    """Return a dependency that reads a wish from the address, blank fields left out."""

    def get_wish(request: Request) -> Wish:
        return read_wish(schema, given(request))

    return get_wish


def read_wish(schema: type[Wish], query: Query) -> Wish:
    """Read a wish from parameters of an address; what does not fit is refused by name (422)."""
    lists = {
        name for name, field in schema.model_fields.items() if get_origin(field.annotation) is list
    }
    values: dict[str, Any] = {}
    for name, value in query:
        if name in lists:
            values.setdefault(name, []).append(value)
        else:
            values[name] = value
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        found = [{**e, "loc": ("query", *e["loc"])} for e in error.errors()]
        raise RequestValidationError(found) from error


def address(query: Iterable[tuple[str, str]], **changes: object) -> str:
    """Return the query of a link: the same, with some parameters replaced, or dropped by None."""
    kept = [(name, value) for name, value in query if name not in changes]
    more = [(name, str(value)) for name, value in changes.items() if value is not None]
    return "?" + urlencode([*kept, *more], safe=":*")


def without(query: Query, place: int) -> str:
    """Return the query of a link that drops one parameter and starts at the first page."""
    kept = [pair for i, pair in enumerate(query) if i != place]
    return address(kept, after=None)
