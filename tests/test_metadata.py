"""What every table must be, so that reviews never mix and the schema can be spread by review."""

from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, UniqueConstraint

from app.history.reading import models
from app.history.recording import is_tracked
from app.migrations import metadata

TABLES = {table.name: table for table in metadata().sorted_tables}
OWNED = [name for name, table in TABLES.items() if "review_id" in table.primary_key.columns]
GLOBAL = [name for name in TABLES if name not in OWNED]
UNTRACKED = {
    "counter": "grows only, also through what is undone",
    "change_set": "is the history",
    "change": "is the history",
    "text_entry": "follows from other tables",
}
GLOBAL_TRACKED = {"review"}


def names(columns: Iterable[Any]) -> list[str]:
    return [column.name for column in columns]


def foreign_keys(table: Table) -> list[ForeignKeyConstraint]:
    return sorted(table.foreign_key_constraints, key=lambda key: str(key.name))


def test_reviews_own_most_tables() -> None:
    assert {"source", "quote", "configuration", "element", "evidence", "theory"} <= set(OWNED)
    assert {"user_account", "api_token", "review"} <= set(GLOBAL)


@pytest.mark.parametrize("name", OWNED)
def test_the_review_comes_first_in_every_key_and_index(name: str) -> None:
    table = TABLES[name]
    keys = {str(table.primary_key.name): names(table.primary_key.columns)}
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            keys[str(constraint.name)] = names(constraint.columns)
    keys |= {str(index.name): names(index.columns) for index in table.indexes}
    assert {key: columns for key, columns in keys.items() if columns[0] != "review_id"} == {}


@pytest.mark.parametrize("name", OWNED)
def test_no_reference_can_leave_the_review(name: str) -> None:
    for key in foreign_keys(TABLES[name]):
        target = key.referred_table.name
        pairs = [(element.parent.name, element.column.name) for element in key.elements]
        if target in OWNED:
            assert pairs[0] == ("review_id", "review_id"), key.name
        elif target == "review":
            assert pairs == [("review_id", "id")], key.name
        else:
            assert target in GLOBAL
            assert len(pairs) == 1, key.name


@pytest.mark.parametrize("name", OWNED)
def test_every_owned_table_refers_to_its_review(name: str) -> None:
    targets = {key.referred_table.name for key in foreign_keys(TABLES[name])}
    assert "review" in targets


@pytest.mark.parametrize("name", OWNED)
def test_owned_rows_get_their_numbers_from_us_and_no_sequence(name: str) -> None:
    table = TABLES[name]
    assert table.autoincrement_column is None
    assert [c.name for c in table.columns if c.identity or c.server_default or c.computed] == []


@pytest.mark.parametrize("name", GLOBAL)
def test_no_global_table_refers_to_an_owned_one(name: str) -> None:
    assert {key.referred_table.name for key in foreign_keys(TABLES[name])} <= set(GLOBAL)


@pytest.mark.parametrize("name", TABLES)
def test_only_a_review_takes_its_rows_along(name: str) -> None:
    for key in foreign_keys(TABLES[name]):
        expected = "CASCADE" if key.referred_table.name == "review" else None
        assert (key.ondelete, key.onupdate) == (expected, None), key.name


@pytest.mark.parametrize("name", TABLES)
def test_every_table_says_whether_its_changes_are_kept(name: str) -> None:
    model = models()[name]
    expected = name not in UNTRACKED if name in OWNED else name in GLOBAL_TRACKED
    assert is_tracked(model) is expected
    if model.aggregate:
        kind, number = model.aggregate
        assert number in TABLES[name].columns
        assert kind == "review" or (kind.isupper() and len(kind) == 1)


def test_every_kind_of_thing_has_one_root_that_carries_a_version() -> None:
    kinds = {model.aggregate[0] for model in models().values() if model.aggregate}
    for kind in kinds:
        roots = [m for m in models().values() if m.aggregate == (kind, "id")]
        assert len(roots) == 1, kind


@pytest.mark.parametrize("name", TABLES)
def test_every_table_says_what_a_row_is(name: str) -> None:
    meaning = models()[name].__dict__.get("__doc__") or ""
    assert meaning.strip().endswith(".")


def test_keys_and_constraints_have_names_migrations_can_use() -> None:
    for table in TABLES.values():
        for constraint in table.constraints:
            assert constraint.name, table.name
