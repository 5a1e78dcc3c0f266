"""The OpenAPI document: an example for every body, each of them true, and problems declared."""

import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter

from app.access.replay import ReplayingRoute
from app.db import Schema
from app.errors import AppError
from app.main import create_app
from app.synthesis.alike import Alike
from app.synthesis.chain_parts import Chains
from app.synthesis.flow_parts import Flow
from app.synthesis.matrix import Matrix
from app.synthesis.merge_preview import MergePreview
from app.synthesis.suggestions import Suggestions
from app.web.openapi import BODIES
from tests.conftest import Door, World, cheap_settings

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Json:
    return create_app(cheap_settings(tmp_path_factory.mktemp("openapi"))).openapi()


def operations(document: Json) -> Iterator[Json]:
    for path in document["paths"].values():
        yield from path.values()


def contents(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Every body that goes in or out when all is well: of which operation, of what kind."""
    for operation in operations(document):
        answers = [operation["responses"].get(status, {}) for status in ("200", "201")]
        for body in [operation.get("requestBody", {}), *answers]:
            for kind, content in body.get("content", {}).items():
                yield operation["operationId"], kind, content


def schemas(model: type[Schema] = Schema) -> Iterator[type[Schema]]:
    yield model
    for heir in model.__subclasses__():
        yield from schemas(heir)


def test_every_list_is_an_envelope_of_items_and_what_follows(document: Json) -> None:
    bare = []
    for path, methods in document["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {})
        content = answer.get("content", {}).get("application/json", {})
        if content.get("schema", {}).get("type") == "array":
            bare.append(path)
    assert bare == []


def test_every_page_names_the_next_in_a_link(world: World, document: Json) -> None:
    linking = {
        route.path
        for route in iter_route_contexts(world.app.routes)
        if isinstance(route.original_route, ReplayingRoute)
    }
    pages = set()
    for path, methods in document["paths"].items():
        answer = methods.get("get", {}).get("responses", {}).get("200", {})
        schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
        name = schema.get("$ref", "").rpartition("/")[2]
        if {"items", "next"} <= document["components"]["schemas"].get(name, schema).get(
            "properties", {}
        ).keys():
            pages.add(path)
    assert len(pages) > 40
    assert pages - linking == set()


def is_valid(example: Any, schema: Json, document: Json) -> bool:
    whole = {"components": document["components"], **schema}
    return bool(jsonschema_rs.Draft202012Validator(whole).is_valid(example))


def test_every_json_body_has_an_example_that_fits_its_schema(document: Json) -> None:
    bodies = [(name, c) for name, kind, c in contents(document) if kind == "application/json"]
    assert len(bodies) > 100
    assert [name for name, content in bodies if "example" not in content] == []
    wrong = [
        name
        for name, content in bodies
        if not is_valid(content["example"], content.get("schema", {}), document)
    ]
    assert wrong == []


def test_the_guard_sees_an_example_that_does_not_fit(document: Json) -> None:
    schema = {"$ref": "#/components/schemas/SourceCreate"}
    assert is_valid(BODIES["SourceCreate"], schema, document)
    assert not is_valid({"title": "On trust", "autor": "Ana"}, schema, document)


def test_every_example_belongs_to_a_schema_and_passes_its_own_rules(document: Json) -> None:
    models: dict[str, Any] = {model.__name__: model for model in schemas()}
    # plain dataclasses, for there are thousands of their parts
    models |= {"Matrix": Matrix, "Chains": Chains, "Suggestions": Suggestions, "Flow": Flow}
    models |= {"Alike": Alike, "MergePreview": MergePreview}
    assert set(BODIES) - set(document["components"]["schemas"]) == set()
    for name, example in BODIES.items():
        TypeAdapter(models[name]).validate_json(json.dumps(example))


def test_examples_of_changes_change_something(document: Json) -> None:
    for name in BODIES:
        if name.endswith(("Update", "Patch")):
            fields = document["components"]["schemas"][name]["properties"]
            assert BODIES[name], name
            assert set(BODIES[name]) <= set(fields), name


def test_every_operation_is_named_after_its_function_and_described(document: Json) -> None:
    names = [operation["operationId"] for operation in operations(document)]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names)
    assert [o["operationId"] for o in operations(document) if not o.get("description")] == []


def test_every_operation_declares_the_one_kind_of_problem(document: Json) -> None:
    for operation in operations(document):
        for status in ("4XX", "5XX"):
            assert operation["responses"][status] == {"$ref": "#/components/responses/Problem"}
        assert "422" not in operation["responses"]
    answer = document["components"]["responses"]["Problem"]["content"]["application/problem+json"]
    assert is_valid(answer["example"], answer["schema"], document)


def test_no_reference_leads_nowhere(document: Json) -> None:
    text = json.dumps(document)
    for kind in ("schemas", "responses"):
        start = f'"$ref": "#/components/{kind}/'
        named = {part.partition('"')[0] for part in text.split(start)[1:]}
        assert named - set(document["components"][kind]) == set()
    assert "ValidationError" not in text


@pytest.mark.sqlite_only
def test_what_the_api_refuses_is_such_a_problem(world: World, coder: Door, document: Json) -> None:
    schema = {"$ref": "#/components/schemas/Problem"}
    refusals = [
        coder.post(f"{world.base}/sources", json={"labels": 1}),
        coder.get(f"{world.base}/sources/99"),
        coder.patch(f"{world.base}/sources/99", json={}),
        coder.post(f"{world.base}/notation", json={"notation": "no roles"}),
    ]
    for refusal in refusals:
        assert refusal.status_code >= 400
        assert refusal.headers["content-type"] == "application/problem+json"
        assert is_valid(refusal.json(), schema, document), refusal.json()


def test_every_code_is_in_the_document(document: Json) -> None:
    codes = document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"]
    assert {AppError.code, *(heir.code for heir in AppError.__subclasses__())} <= set(codes)
