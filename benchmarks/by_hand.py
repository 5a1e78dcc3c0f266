"""Baselines by hand: the same rows by plain sqlite3, orjson, csv and xlsxwriter."""

import csv
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import orjson
from xlsxwriter import Workbook

CONFIGURATIONS = """
SELECT id, title, template, kind, status, statement, modality, certainty, certainty_reason,
       questions, phase, fields, roles_not_reported, shared, differences, left_out,
       created_by, created_at, version
FROM configuration WHERE review_id = ? AND id > ? ORDER BY id LIMIT ?
"""
ELEMENTS = """
SELECT configuration_id, n, role, wording, concept_id, definition_n, state, qualifier, activation,
       activation_by, valence, valence_for, level, tier, actor, is_intended, any_of, mechanism_n,
       position
FROM element WHERE review_id = ? AND configuration_id IN ({marks})
ORDER BY configuration_id, position, n
"""
COUNTS = """
SELECT whole, count(*) AS evidence, count(DISTINCT origin) AS sources,
       count(DISTINCT CASE WHEN stance = 'supports' THEN origin END) AS supporting,
       count(DISTINCT CASE WHEN stance = 'refutes' THEN origin END) AS refuting
FROM (
    SELECT configuration_id AS whole, stance, coalesce(cited_source_id, source_id) AS origin
    FROM evidence WHERE review_id = ?1 AND configuration_id IN ({marks})
    UNION ALL
    SELECT m.configuration_id, e.stance, coalesce(e.cited_source_id, e.source_id)
    FROM consolidation m
    CROSS JOIN configuration c ON c.review_id = m.review_id AND c.id = m.member_id
     AND c.status <> 'retired'
    CROSS JOIN evidence e ON e.review_id = m.review_id AND e.configuration_id = m.member_id
    WHERE m.review_id = ?1 AND m.configuration_id IN ({marks})
) GROUP BY whole
"""
START = "http://127.0.0.1/reviews/twenty-thousand"
NOTHING = {"evidence": 0, "sources": 0, "supporting": 0, "refuting": 0}


def page(connection: sqlite3.Connection, review_id: int, limit: int, after: int) -> bytes:
    """Return a page of configurations as JSON: elements whole, evidence counted.

    The sentence made from the elements where nobody wrote one is left out: it is no row.
    """
    rows = connection.execute(CONFIGURATIONS, (review_id, after, limit + 1)).fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    numbers = [row["id"] for row in rows]
    marks = ",".join("?" * len(numbers))
    elements: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in connection.execute(ELEMENTS.format(marks=marks), (review_id, *numbers)):
        element = dict(row)
        elements[element.pop("configuration_id")].append(element)
    counts: dict[int, dict[str, Any]] = {}
    places = ",".join(f"?{place}" for place in range(2, len(numbers) + 2))
    for row in connection.execute(COUNTS.format(marks=places), (review_id, *numbers)):
        count = dict(row)
        counts[count.pop("whole")] = count
    items = [
        {**row, "elements": elements[row["id"]], **counts.get(row["id"], NOTHING)} for row in rows
    ]
    return orjson.dumps({"items": items, "next": numbers[-1] if more else None})


TABLE = """
WITH worded AS (
    SELECT configuration_id, {wordings}
    FROM element WHERE review_id = :review GROUP BY configuration_id
)
SELECT 'C' || c.id, {roles}, e.stance, e.basis, e.is_inferred,
       coalesce((SELECT group_concat(x.role || ': ' || x.wording, '; ')
                 FROM evidence_element a JOIN element x ON x.review_id = a.review_id
                  AND x.configuration_id = a.configuration_id AND x.n = a.element_n
                 WHERE a.review_id = e.review_id AND a.configuration_id = e.configuration_id
                   AND a.evidence_n = e.n), 'the whole configuration'),
       q.exact, coalesce(q.page, e.page), s.cite_key, s.year, q.verification,
       :start || '/quotes/' || q.id, :start || '/configurations/' || c.id
FROM configuration c
JOIN evidence e ON e.review_id = c.review_id AND e.configuration_id = c.id
LEFT JOIN worded w ON w.configuration_id = c.id
LEFT JOIN quote q ON q.review_id = e.review_id AND q.id = e.quote_id
JOIN source s ON s.review_id = e.review_id AND s.id = e.source_id
WHERE c.review_id = :review ORDER BY c.id, e.n
"""
ROLES = ("context", "intervention", "mechanism", "resource", "response", "outcome")
AFTER_ROLES = ("stance", "basis", "inferred", "about", "quote_text", "page", "cite_key", "year",
               "verification", "quote_url", "configuration_url")  # fmt: skip
HEADINGS = ("configuration", *ROLES, *AFTER_ROLES)
"""The columns our evidence table has by default, in the same order."""


def table_rows(connection: sqlite3.Connection, review_id: int) -> Iterator[tuple[Any, ...]]:
    """Yield the bare evidence table of a review, one row per quote."""
    statement = TABLE.format(
        wordings=", ".join(
            f"group_concat(wording, '; ') FILTER (WHERE role = '{r}') AS {r}" for r in ROLES
        ),
        roles=", ".join(f"w.{role}" for role in ROLES),
    )
    return connection.execute(statement, {"review": review_id, "start": START})


def table_csv(connection: sqlite3.Connection, review_id: int, out: TextIO) -> None:
    """Write the bare evidence table by csv.writer."""
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows(table_rows(connection, review_id))


def table_xlsx(connection: sqlite3.Connection, review_id: int, path: Path) -> None:
    """Write the bare evidence table by the loop of xlsxwriter's manual, links as plain text."""
    with Workbook(path, {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for line, row in enumerate(table_rows(connection, review_id), 1):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
