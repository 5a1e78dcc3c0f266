"""The OpenAPI document: what FastAPI derives, with examples, problem answers and stable names."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute

from app.errors import AppError
from app.web.appraisal_examples import APPRAISAL_EXAMPLES
from app.web.codebook_examples import CODEBOOK_EXAMPLES
from app.web.document_examples import DOCUMENT_EXAMPLES
from app.web.examples import BY_OPERATION, EXAMPLES, Json
from app.web.screening_examples import SCREENING_EXAMPLES
from app.web.theory_examples import THEORY_EXAMPLES

PARTS = (
    EXAMPLES,
    APPRAISAL_EXAMPLES,
    CODEBOOK_EXAMPLES,
    DOCUMENT_EXAMPLES,
    SCREENING_EXAMPLES,
    THEORY_EXAMPLES,
)
BODIES = {name: example for part in PARTS for name, example in part.items()}
PROBLEM = "application/problem+json"
DERIVED_ERRORS = ("HTTPValidationError", "ValidationError")
FIELD_PROBLEM = {
    "type": "object",
    "required": ["field", "message"],
    "properties": {
        "field": {"type": "string", "description": "where: a path into the body, or a parameter"},
        "message": {"type": "string", "description": "why, and the remedy"},
    },
}


class DescribedApi(FastAPI):
    """The application with an OpenAPI document that carries examples and our problem answers."""

    def take(self, router: APIRouter) -> None:
        """Take a router's routes as they are; to include it would make each a second time."""
        self.router.routes += router.routes

    def openapi(self) -> Json:
        """Return the document, made once; an operation is called what its function is."""
        for route in self.routes:
            if isinstance(route, APIRoute):
                route.operation_id = route.name
        if self.openapi_schema is None:
            self.openapi_schema = _finished(super().openapi())
        return self.openapi_schema


def _finished(document: Json) -> Json:
    components = document.setdefault("components", {})
    schemas: Json = components.setdefault("schemas", {})
    for name in DERIVED_ERRORS:
        schemas.pop(name, None)
    schemas["Problem"] = _problem_schema()
    components["responses"] = {"Problem": _problem_answer()}
    for operation in _operations(document):
        operation["responses"].pop("422", None)
        for status in ("4XX", "5XX"):
            operation["responses"][status] = {"$ref": "#/components/responses/Problem"}
        _name_lists(operation)
        _add_examples(operation, schemas)
    return document


def _operations(document: Json) -> Iterator[Json]:
    for path in document["paths"].values():
        yield from path.values()


def _name_lists(operation: Json) -> None:
    """Name a list in an answer after its operation; FastAPI names it after the address too."""
    for answer in operation["responses"].values():
        for content in answer.get("content", {}).values():
            if "title" in content.get("schema", {}):
                content["schema"]["title"] = f"response_{operation['operationId']}".replace(
                    "_", " "
                ).title()


def _add_examples(operation: Json, schemas: Json) -> None:
    kept = BY_OPERATION.get(operation["operationId"], {})
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    for body in bodies:
        for kind, content in body.get("content", {}).items():
            example = kept.get(kind) or example_of(content.get("schema", {}), schemas)
            if example is not None:
                content["example"] = example


def example_of(schema: Json, schemas: Json) -> Any:
    """Return the example of a schema; lists, pages and bulks show one item. None: there is none."""
    name = schema.get("$ref", "").rpartition("/")[2]
    if name in BODIES:
        return BODIES[name]
    if name:
        return _wrapped(schemas[name], schemas)
    if schema.get("type") == "array":
        return [example_of(schema["items"], schemas)]
    return None


def _wrapped(schema: Json, schemas: Json) -> Json | None:
    """Show what wraps `items`: a page, which says what follows, or a bulk."""
    fields = schema.get("properties", {})
    if "items" not in fields:
        return None
    rest = {name: None for name in fields if name != "items"}
    return {"items": example_of(fields["items"], schemas), **rest}


def _codes(error: type[AppError] = AppError) -> Iterator[str]:
    yield error.code
    for heir in error.__subclasses__():
        yield from _codes(heir)


def _problem_schema() -> Json:
    """Describe what `AppError.problem` returns (RFC 9457); some codes add fields of their own."""
    words = {name: {"type": "string"} for name in ("type", "title", "detail")}
    return {
        "title": "Problem",
        "description": "What was refused and why; programs decide by `code`.",
        "type": "object",
        "required": [*words, "status", "code"],
        "properties": {
            **words,
            "status": {"type": "integer"},
            "code": {"type": "string", "enum": sorted(set(_codes()))},
            "errors": {"type": "array", "items": FIELD_PROBLEM},
        },
    }


def _problem_answer() -> Json:
    example = {
        "type": "/docs/errors#invalid",
        "title": "invalid",
        "status": 422,
        "code": "invalid",
        "detail": "body.labels: unknown field; remove it or check its spelling",
        "errors": [
            {
                "field": "body.labels",
                "message": "unknown field; remove it or check its spelling",
            }
        ],
    }
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": "Refused, or not possible now; nothing was kept. See /docs/errors.",
        "content": {PROBLEM: {"schema": schema, "example": example}},
    }
