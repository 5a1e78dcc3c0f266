"""The matrix as DuckDB answers it over the same tables, loaded before."""

import csv
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

Duck = duckdb.DuckDBPyConnection

TABLES = {
    "concept": "review_id id parent_id merged_into_id",
    "configuration": "review_id id kind status",
    "consolidation": "review_id configuration_id member_id",
    "element": "review_id configuration_id n role concept_id state mechanism_n",
    "evidence": "review_id configuration_id n source_id cited_source_id stance",
    "evidence_element": "review_id configuration_id evidence_n element_n",
}
WORDS = {"kind", "status", "role", "state", "stance"}

MATRIX = """
WITH RECURSIVE
walk AS (
    SELECT id, id AS at FROM concept WHERE review_id = $review
    UNION ALL
    SELECT w.id, c.merged_into_id FROM walk w
    JOIN concept c ON c.review_id = $review AND c.id = w.at AND c.merged_into_id IS NOT NULL
),
survivor AS (
    SELECT w.id, w.at AS concept FROM walk w
    JOIN concept c ON c.review_id = $review AND c.id = w.at AND c.merged_into_id IS NULL
),
subtree AS (
    SELECT $mechanism::INTEGER AS id
    UNION ALL
    SELECT c.id FROM subtree t JOIN concept c ON c.review_id = $review AND c.parent_id = t.id
    WHERE c.merged_into_id IS NULL
),
slot AS (
    SELECT e.configuration_id, e.n, e.role, s.concept, e.state, e.mechanism_n
    FROM element e JOIN survivor s ON s.id = e.concept_id WHERE e.review_id = $review
),
through AS (
    SELECT configuration_id, n FROM slot
    WHERE role IN ('mechanism', 'resource', 'response') AND concept IN (SELECT id FROM subtree)
),
counted AS (
    SELECT c.id FROM configuration c
    WHERE c.review_id = $review AND c.status <> 'retired'
      AND c.id IN (SELECT configuration_id FROM through)
      AND (c.kind = 'consolidated' OR c.kind = 'raw' AND c.id NOT IN
           (SELECT member_id FROM consolidation WHERE review_id = $review))
),
above AS (SELECT configuration_id, n, concept FROM slot WHERE role = 'context'),
beside AS (
    SELECT configuration_id, n, concept, state FROM slot s
    WHERE role = 'outcome' AND (mechanism_n IS NULL OR EXISTS (
        SELECT 1 FROM through t
        WHERE t.configuration_id = s.configuration_id AND t.n = s.mechanism_n))
),
counted_row AS (
    SELECT DISTINCT c.id, a.concept FROM counted c JOIN above a ON a.configuration_id = c.id
),
counted_column AS (
    SELECT DISTINCT c.id, b.concept, b.state
    FROM counted c JOIN beside b ON b.configuration_id = c.id
),
stands_for AS (
    SELECT id, id AS configuration_id FROM counted
    UNION ALL
    SELECT c.id, m.member_id FROM counted c
    JOIN consolidation m ON m.review_id = $review AND m.configuration_id = c.id
),
witness AS (
    SELECT f.id, e.configuration_id, e.n, e.stance,
           coalesce(e.cited_source_id, e.source_id) AS origin
    FROM stands_for f
    JOIN evidence e ON e.review_id = $review AND e.configuration_id = f.configuration_id
),
named AS (
    SELECT w.id, w.configuration_id, w.n, x.element_n FROM witness w
    JOIN evidence_element x ON x.review_id = $review
     AND x.configuration_id = w.configuration_id AND x.evidence_n = w.n
),
named_row AS (
    SELECT DISTINCT d.id, d.configuration_id, d.n, r.concept FROM named d
    JOIN above a ON a.configuration_id = d.configuration_id AND a.n = d.element_n
    JOIN counted_row r ON r.id = d.id AND r.concept = a.concept
),
named_column AS (
    SELECT DISTINCT d.id, d.configuration_id, d.n, k.concept, k.state FROM named d
    JOIN beside b ON b.configuration_id = d.configuration_id AND b.n = d.element_n
    JOIN counted_column k ON k.id = d.id AND k.concept = b.concept AND k.state = b.state
),
other_row AS (
    SELECT DISTINCT d.id, d.configuration_id, d.n FROM named d
    JOIN element e ON e.review_id = $review AND e.configuration_id = d.configuration_id
     AND e.n = d.element_n AND e.role = 'context'
    ANTI JOIN above u ON u.configuration_id = e.configuration_id AND u.n = e.n
),
other_column AS (
    SELECT DISTINCT d.id, d.configuration_id, d.n FROM named d
    JOIN element e ON e.review_id = $review AND e.configuration_id = d.configuration_id
     AND e.n = d.element_n AND e.role = 'outcome'
    ANTI JOIN beside u ON u.configuration_id = e.configuration_id AND u.n = e.n
),
witness_row AS (
    SELECT * FROM named_row
    UNION ALL
    SELECT w.id, w.configuration_id, w.n, r.concept FROM witness w
    JOIN counted_row r ON r.id = w.id
    ANTI JOIN named_row d ON d.id = w.id AND d.configuration_id = w.configuration_id AND d.n = w.n
    ANTI JOIN other_row o ON o.id = w.id AND o.configuration_id = w.configuration_id AND o.n = w.n
),
witness_column AS (
    SELECT * FROM named_column
    UNION ALL
    SELECT w.id, w.configuration_id, w.n, k.concept, k.state FROM witness w
    JOIN counted_column k ON k.id = w.id
    ANTI JOIN named_column d ON d.id = w.id AND d.configuration_id = w.configuration_id
     AND d.n = w.n
    ANTI JOIN other_column o ON o.id = w.id AND o.configuration_id = w.configuration_id
     AND o.n = w.n
),
spoken AS (
    SELECT r.concept AS above, k.concept AS beside, k.state,
           count(DISTINCT w.origin) AS sources,
           count(DISTINCT w.origin) FILTER (w.stance = 'supports') AS supporting,
           count(DISTINCT w.origin) FILTER (w.stance = 'refutes') AS refuting
    FROM witness w
    JOIN witness_row r ON r.id = w.id AND r.configuration_id = w.configuration_id AND r.n = w.n
    JOIN witness_column k
      ON k.id = w.id AND k.configuration_id = w.configuration_id AND k.n = w.n
    GROUP BY ALL
),
placed AS (
    SELECT r.concept AS above, k.concept AS beside, k.state, count(*) AS configurations
    FROM counted_row r JOIN counted_column k ON k.id = r.id GROUP BY ALL
)
SELECT above, beside, state, configurations, coalesce(sources, 0), coalesce(supporting, 0),
       coalesce(refuting, 0)
FROM placed LEFT JOIN spoken USING (above, beside, state)
"""

BROADEST = """
WITH RECURSIVE below(root, id) AS (
    SELECT id, id FROM concept
    WHERE review_id = :review AND parent_id IS NULL AND merged_into_id IS NULL
    UNION ALL
    SELECT b.root, c.id FROM below b
    JOIN concept c ON c.review_id = :review AND c.parent_id = b.id
)
SELECT root FROM below JOIN element e ON e.review_id = :review AND e.concept_id = below.id
WHERE e.role IN ('mechanism', 'resource', 'response')
GROUP BY root ORDER BY count(DISTINCT e.configuration_id) DESC, root LIMIT 1
"""

Key = tuple[int, int, str]
Figures = tuple[int, int, int, int]


def broadest_mechanism(connection: sqlite3.Connection, review_id: int) -> int:
    """Return the top concept through whose subtree most configurations work."""
    number: int = connection.execute(BROADEST, {"review": review_id}).fetchone()[0]
    return number


def load(database: Path) -> Duck:
    """Return a DuckDB that holds the tables a matrix needs, of all reviews, in memory."""
    duck = duckdb.connect()
    source = sqlite3.connect(database)
    with TemporaryDirectory() as folder:
        for table, columns in TABLES.items():
            path = Path(folder) / f"{table}.csv"
            _dump(source, table, columns.split(), path)
            kinds = ", ".join(
                f"{name} {'VARCHAR' if name in WORDS else 'INTEGER'}" for name in columns.split()
            )
            duck.execute(f"CREATE TABLE {table} ({kinds})")
            duck.execute(f"COPY {table} FROM '{path}' (HEADER false)")
    source.close()
    return duck


def _dump(source: sqlite3.Connection, table: str, columns: list[str], path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as out:
        rows = source.execute(f"SELECT {', '.join(columns)} FROM {table}")
        csv.writer(out).writerows(rows)


def matrix(duck: Duck, review_id: int, mechanism: int) -> dict[Key, Figures]:
    """Return per (row, column, state): configurations, sources, supporting, refuting."""
    rows = duck.execute(MATRIX, {"review": review_id, "mechanism": mechanism}).fetchall()
    return {(row[0], row[1], row[2]): (row[3], row[4], row[5], row[6]) for row in rows}
