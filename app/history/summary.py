"""What a change-set did, in one line: `added C5, Q7-Q9; C21: element 3 changed`.

A page of change-sets takes three queries at most, however many rows each changed, and a few more
where something was merged.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    case,
    func,
    inspect,
    not_,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from app.history.models import Change, ChangeSet, Operation
from app.history.reading import describe_all, models

MOST_LISTED = 20
"""Numbers with gaps that are listed; of more only the first and the last are named."""
MOST_FIELDS = 3
MOST_WRITES = 5
"""Of one row in one change-set, for its columns to be looked up."""
COUNTED_FROM = 10
"""From how many on a run of numbers says how many it is."""
NOT_WORTH_NAMING = {"text_key", "wording_key"}
MERGED = "merged_into_id"
DONE = {Operation.INSERT: "added", Operation.UPDATE: "changed", Operation.DELETE: "deleted"}
PARTS = {
    "concept_alias": ("alias", "aliases"),
    "concept_definition": ("definition", "definitions"),
    "evidence": ("evidence", "pieces of evidence"),
    "link_evidence": ("evidence", "pieces of evidence"),
    "proposition_evidence": ("evidence", "pieces of evidence"),
    "ground": ("ground", "grounds"),
    "proposition_verdict": ("verdict", "verdicts"),
    "recommendation_ground": ("ground", "grounds"),
    "consolidation": ("member", "members"),
    "membership": ("member", "members"),
    "form_wording": ("wording", "wordings"),
    "coding": ("concept", "concepts"),
    "decision_check": ("check", "checks"),
    "link_refusal": ("refused link", "refused links"),
    "link_verdict": ("verdict", "verdicts"),
    "concept_apart": ("concept told apart", "concepts told apart"),
}
"""How parts are called, one and many, where it is not the name of their table."""


def what_changed(
    session: Session, review_id: int, change_sets: Sequence[ChangeSet]
) -> dict[int, str]:
    """Say of some change-sets of a review what each did, by number."""
    ids = [change_set.id for change_set in change_sets]
    rows = session.execute(_grouped(review_id, ids)).all() if ids else []
    numbers = _listed(session, review_id, rows)
    fields = _fields(session, review_id, rows)
    merged = _merged(session, review_id, fields)
    said: dict[int, list[str]] = defaultdict(list)
    for (number, verb), some in groupby(rows, key=lambda row: (row.change_set_id, row.verb)):
        group = list(some)
        if verb != "changed":
            said[number].append(f"{verb} {_all(group, numbers)}")
            continue
        several = [row for row in group if row.things > 1]
        said[number] += [_one(row, fields, merged) for row in group if row.things == 1]
        said[number] += [f"changed {_all(several, numbers)}"] if several else []
    return {
        change_set.id: _undoing(change_set, "; ".join(said[change_set.id]))
        for change_set in change_sets
    }


def _undoing(change_set: ChangeSet, what: str) -> str:
    if change_set.undoes is None:
        return what
    return f"took H{change_set.undoes} back: {what}" if what else f"took H{change_set.undoes} back"


def _grouped(review_id: int, ids: Sequence[int]) -> Select[Any]:
    """Select, per change-set, kind and verb, how many things and parts it touched."""
    one = _per_thing(review_id, ids).subquery().c
    is_new = and_(one.inserted == 1, one.deleted == 0)
    is_gone = and_(one.inserted == 0, one.deleted == 1)
    verb = case((is_new, "added"), (is_gone, "deleted"), else_="changed").label("verb")
    grouped: Select[Any] = (
        select(
            one.change_set_id,
            verb,
            one.kind,
            func.count().label("things"),
            func.min(one.number).label("first"),
            func.max(one.number).label("last"),
            func.sum(one.changes).label("changes"),
            func.sum(one.parts).label("parts"),
            func.min(one.table_from).label("table_from"),
            func.max(one.table_to).label("table_to"),
            func.min(one.done_from).label("done_from"),
            func.max(one.done_to).label("done_to"),
            func.min(one.part_key).label("part_key"),
        )
        .group_by(one.change_set_id, verb, one.kind)
        .order_by(one.change_set_id, verb, one.kind)
    )
    return grouped


def _per_thing(review_id: int, ids: Sequence[int]) -> Select[Any]:
    """Select what happened to each thing people cite; ties between parts are no parts."""
    roots, ties = _roots(), _ties()
    operation = type_coerce(Change.operation, String)
    is_root = Change.table_name.in_(roots)
    is_part = not_(or_(is_root, Change.table_name.in_(ties)))

    def root_was(done: Operation) -> ColumnElement[int]:
        return func.max(case((and_(is_root, operation == done.value), 1), else_=0))

    columns: list[ColumnElement[Any]] = [
        root_was(Operation.INSERT).label("inserted"),
        root_was(Operation.DELETE).label("deleted"),
        func.count().label("changes"),
        func.sum(case((is_part, 1), else_=0)).label("parts"),
        func.min(case((is_part, Change.table_name))).label("table_from"),
        func.max(case((is_part, Change.table_name))).label("table_to"),
        func.min(case((is_part, operation))).label("done_from"),
        func.max(case((is_part, operation))).label("done_to"),
        func.min(case((is_part, Change.row_key))).label("part_key"),
    ]
    thing = (
        Change.change_set_id,
        Change.aggregate_kind.label("kind"),
        Change.aggregate_id.label("number"),
    )
    return (
        select(*thing, *columns)
        .where(Change.review_id == review_id, Change.change_set_id.in_(ids))
        .group_by(Change.change_set_id, Change.aggregate_kind, Change.aggregate_id)
    )


def _roots() -> list[str]:
    """Name the tables whose rows carry the numbers people cite."""
    return sorted(
        name for name, model in models().items() if model.aggregate and model.aggregate[1] == "id"
    )


def _ties() -> list[str]:
    """Name the tables that tie parts of one thing to each other."""
    return sorted(
        name
        for name, model in models().items()
        if str(inspect(model).primary_key[-1].key).endswith("_n")
    )


def _listed(
    session: Session, review_id: int, rows: Iterable[Row[Any]]
) -> dict[tuple[int, str], list[int]]:
    """Return the numbers, by change-set and kind, where they have gaps and are few."""
    gappy = {
        (row.change_set_id, row.kind)
        for row in rows
        if row.last - row.first >= row.things and row.things <= MOST_LISTED
    }
    if not gappy:
        return {}
    found: dict[tuple[int, str], list[int]] = defaultdict(list)
    wanted = (Change.change_set_id.in_({number for number, _ in gappy}),)
    kinds = (Change.aggregate_kind.in_({kind for _, kind in gappy}),)
    for number, kind, thing in session.execute(
        select(Change.change_set_id, Change.aggregate_kind, Change.aggregate_id)
        .where(Change.review_id == review_id, *wanted, *kinds)
        .distinct()
        .order_by(Change.aggregate_id)
    ):
        if (number, kind) in gappy:
            found[number, kind].append(thing)
    return found


def _fields(
    session: Session, review_id: int, rows: Iterable[Row[Any]]
) -> dict[tuple[int, str], list[str]]:
    """Return the columns that changed, where a change-set touched one thing's own row alone."""
    single = {(row.change_set_id, row.kind) for row in rows if _is_own_row(row)}
    if not single:
        return {}
    found = session.execute(
        select(Change.change_set_id, Change.aggregate_kind, Change.before)
        .where(*_updates(review_id, single))
        .order_by(Change.change_set_id, Change.n)
    )
    names: dict[tuple[int, str], dict[str, None]] = defaultdict(dict)
    for number, kind, before in found:
        if (number, kind) in single:
            names[number, kind] |= dict.fromkeys(before or {})
    return {key: [n for n in some if n not in NOT_WORTH_NAMING] for key, some in names.items()}


def _updates(review_id: int, keys: Collection[tuple[int, str]]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of updates by any of some change-sets to any of some kinds."""
    return (
        Change.review_id == review_id,
        Change.change_set_id.in_({number for number, _ in keys}),
        Change.aggregate_kind.in_({kind for _, kind in keys}),
        Change.operation == Operation.UPDATE,
    )


def _merged(
    session: Session, review_id: int, fields: Mapping[tuple[int, str], list[str]]
) -> dict[tuple[int, str], int | None]:
    """Return what a thing was merged into, or null where it was unmerged, and nothing else done."""
    wanted = {key for key, names in fields.items() if names == [MERGED]}
    if not wanted:
        return {}
    changes = session.scalars(
        select(Change).where(*_updates(review_id, wanted)).order_by(Change.change_set_id, Change.n)
    ).all()
    read = zip(changes, describe_all(session, changes), strict=True)
    return {
        (change.change_set_id, change.aggregate_kind): (told.after or {}).get(MERGED)
        for change, told in read
    }


def _is_own_row(row: Row[Any]) -> bool:
    """Say whether a change-set changed one thing of a kind, in few writes and none of its parts."""
    return bool(
        row.verb == "changed" and row.things == 1 and row.parts == 0 and row.changes <= MOST_WRITES
    )


def _all(group: Sequence[Row[Any]], numbers: Mapping[tuple[int, str], list[int]]) -> str:
    """Name the things of several kinds: `C5, Q7-Q9`."""
    return ", ".join(_named(row, numbers.get((row.change_set_id, row.kind), [])) for row in group)


def _named(row: Row[Any], numbers: Sequence[int]) -> str:
    if row.last - row.first < row.things:
        runs = [(row.first, row.last)]
    elif len(numbers) == row.things:
        runs = list(_runs(numbers))
    else:
        return f"{_thing(row, row.first)} … {_thing(row, row.last)} ({row.things:,})"
    names = ", ".join(_run(row, first, last) for first, last in runs)
    return f"{names} ({row.things:,})" if row.things >= COUNTED_FROM else names


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    for _, some in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in some]
        yield run[0], run[-1]


def _run(row: Row[Any], first: int, last: int) -> str:
    if first == last:
        return _thing(row, first)
    between = ", " if last == first + 1 else "-"
    return f"{_thing(row, first)}{between}{_thing(row, last)}"


def _thing(row: Row[Any], number: int) -> str:
    return "the review" if row.kind == "review" else f"{row.kind}{number}"


def _one(
    row: Row[Any],
    fields: Mapping[tuple[int, str], list[str]],
    merged: Mapping[tuple[int, str], int | None],
) -> str:
    """Say what changed of one thing: its only part, its parts of one sort, or its fields."""
    name = _thing(row, row.first)
    if row.parts and row.table_from == row.table_to and row.done_from == row.done_to:
        return f"{name}: {_parts(row)} {DONE[Operation(row.done_from)]}"
    key = (row.change_set_id, row.kind)
    changed = fields.get(key, [])
    if changed == [MERGED]:
        into = merged.get(key)
        return f"{name} merged into {row.kind}{into}" if into else f"{name} stands for itself again"
    if not changed:
        return f"{name} changed"
    words = [field.removesuffix("_id").replace("_", " ") for field in changed]
    more = f" and {len(words) - MOST_FIELDS} more" if len(words) > MOST_FIELDS else ""
    return f"{name}: {', '.join(words[:MOST_FIELDS])}{more} changed"


def _parts(row: Row[Any]) -> str:
    table = row.table_from
    one, many = PARTS.get(table, (table.replace("_", " "), f"{table.replace('_', ' ')}s"))
    if row.parts > 1:
        return f"{row.parts} {many}"
    is_numbered = str(inspect(models()[table]).primary_key[-1].key) == "n"
    return f"{one} {json.loads(row.part_key)[-1]}" if is_numbered else one
