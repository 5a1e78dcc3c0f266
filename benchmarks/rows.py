"""The rows of one generated review, written table by table in the order of their keys."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import cache
from random import Random
from typing import Any

from sqlalchemy.sql.elements import KeyedColumnElement

from app.coding.models import Concept, Quote
from app.db import Base, Counter
from app.library.models import Source, SourceKind, Study
from app.theory.link_models import ConfigurationLink
from app.theory.models import Configuration, Consolidation, Element, Evidence, EvidenceElement
from benchmarks.codebook import PROBE, Codebook, Zipf, make_codebook
from benchmarks.coded import Coded, code_configurations
from benchmarks.ripples import MOST_LINKS, Ends
from benchmarks.words import Words

MOMENT = "2021-11-01 12:00:00.000000"
CHUNK = 4_000  # configurations held in memory at a time
Row = tuple[Any, ...]

EVIDENCE = "review_id configuration_id n source_id quote_id stance basis cited_source_id created_by"
COLUMNS: dict[type[Base], str] = {
    Study: "review_id id label",
    Source: "review_id id cite_key type title authors year container_title kind country study_id "
    "text_key created_by",
    Concept: "review_id id label referent parent_id merged_into_id position text_key created_by",
    Configuration: "review_id id title template kind status statement modality text_key "
    "last_element last_evidence created_by",
    Element: "review_id configuration_id n role wording wording_key concept_id state valence level "
    "any_of mechanism_n position",
    Quote: "review_id id source_id exact page verification words text_key created_by",
    Evidence: EVIDENCE,
    EvidenceElement: "review_id configuration_id evidence_n element_n",
    Consolidation: "review_id configuration_id member_id",
    ConfigurationLink: "review_id id kind from_id from_element_n to_id to_element_n reason "
    "created_by",
    Counter: "review_id kind value",
}


@cache
def _insertion(model: type[Base]) -> str:
    """Return the INSERT of a table: the columns we vary, and the model's defaults for the rest."""
    varied = COLUMNS[model].split()
    fixed = {
        column.name: _default(column)
        for column in model.__table__.columns
        if column.name not in varied and not column.nullable
    }
    names = ", ".join([*varied, *fixed])
    values = ", ".join(["?"] * len(varied) + list(fixed.values()))
    return f"INSERT INTO {model.__tablename__} ({names}) VALUES ({values})"


def _default(column: KeyedColumnElement[Any]) -> str:
    """Return a model's default for a column as an SQL literal."""
    if column.name == "created_at":
        return f"'{MOMENT}'"
    value = getattr(column.default, "arg", None)
    if value is None or callable(value):
        raise TypeError(f"the generator must give a value to {column}")
    plain = value.value if isinstance(value, Enum) else value
    return str(int(plain)) if isinstance(plain, int) else "'" + str(plain).replace("'", "''") + "'"


def insert(connection: sqlite3.Connection, model: type[Base], rows: Iterable[Row]) -> None:
    """Write rows whose values stand in the order of `COLUMNS`."""
    connection.executemany(_insertion(model), rows)


def write_review(
    connection: sqlite3.Connection, review_id: int, size: int, user_id: int, words: Words
) -> None:
    """Write everything a review of `size` configurations holds, its counters included."""
    rng = Random(review_id * 7_919 + size)
    sources = min(max(50, size // 20), 400)
    codebook = make_codebook(rng, min(max(60, size // 10), 400))
    insert(connection, Study, ((review_id, n, f"Study {n}") for n in range(1, sources // 6 + 1)))
    insert(connection, Source, _sources(rng, review_id, sources, user_id, words))
    insert(connection, Concept, _concepts(rng, review_id, codebook, user_id, words))
    concepts = Zipf(rng, range(PROBE + 1, codebook.size + 1), flatness=4)
    origins = Zipf(rng, range(1, sources + 1), flatness=10)
    ends = Ends()
    for first in range(1, size + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, size + 1))
        coded = Coded(review_id, user_id, size)
        code_configurations(coded, numbers, rng, (concepts, origins), words)
        _insert_coded(connection, coded)
        ends.take(coded.elements)
    links = list(ends.links(rng, review_id, min(size * 5 // 2, MOST_LINKS), user_id))
    insert(connection, ConfigurationLink, links)
    counters = {
        "S": sources,
        "Y": sources // 6,
        "K": codebook.size,
        "C": size,
        "Q": size * 5,
        "L": len(links),
    }
    insert(connection, Counter, ((review_id, kind, last) for kind, last in counters.items()))


def _insert_coded(connection: sqlite3.Connection, coded: Coded) -> None:
    insert(connection, Quote, coded.quotes)
    insert(connection, Configuration, coded.configurations)
    insert(connection, Element, coded.elements)
    insert(connection, Evidence, coded.evidence)
    insert(connection, EvidenceElement, coded.evidence_elements)
    insert(connection, Consolidation, coded.consolidations)


def _sources(rng: Random, review_id: int, count: int, user_id: int, words: Words) -> Iterable[Row]:
    kinds: Sequence[str] = [kind.value for kind in SourceKind]
    for n in range(1, count + 1):
        year = rng.randint(1995, 2024)
        names = json.dumps([{"family": f"Author{n}", "given": "A."}, {"family": f"Other{n}"}])
        kind = rng.choices(kinds, weights=(60, 15, 8, 5, 6, 6))[0]
        study = rng.randint(1, count // 6) if rng.random() < 0.3 else None
        title, journal = rng.choice(words.titles), f"Journal {n % 40}"
        country = rng.choice(("GB", "US", "NL", "CA", None))
        yield (review_id, n, f"author{n}-{year}", "article-journal", title, names, year, journal,
               kind, country, study, title.lower(), user_id)  # fmt: skip


def _concepts(
    rng: Random, review_id: int, codebook: Codebook, user_id: int, words: Words
) -> Iterable[Row]:
    tree = zip(codebook.parents, codebook.merged_into, strict=True)
    for n, (parent, merged_into) in enumerate(tree, 1):
        referent = rng.choice((None, "between partners", "in the venture"))
        label = f"{rng.choice(words.wordings)[:40].strip()} {n}"
        yield (review_id, n, label, referent, parent, merged_into, n, label.lower(), user_id)
