"""Any review is counted as the plain reading of the method counts it (see straightforward)."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from app.access.models import Review
from app.coding.models import Concept
from app.db import Base
from app.history.recording import insert_many
from app.library.models import Source, SourceKind, Study
from app.synthesis.counting import Figures
from app.synthesis.matrix import Matrix, MatrixWish, matrix
from app.synthesis.mechanisms import OutcomeWish, mechanism_outcomes
from app.theory.models import Configuration, Consolidation, Element, Evidence, EvidenceElement
from app.theory.vocabulary import (
    MECHANISM_ROLES,
    ConfigurationKind,
    ConfigurationStatus,
    Role,
    Stance,
    State,
    Template,
)
from tests.conftest import World
from tests.synthesis.straightforward import Key, Place, expected_matrix, expected_outcomes

CONCEPTS = 6
SOURCES = 4
USED_ROLES = (Role.CONTEXT, Role.MECHANISM, Role.RESOURCE, Role.OUTCOME)
STATES = (State.INCREASED, State.REDUCED, State.NOT_STATED)
Rows = list[dict[str, Any]]

elements = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(USED_ROLES),
            "concept_id": st.none() | st.integers(1, CONCEPTS),
            "state": st.sampled_from(STATES),
            "any_of": st.none() | st.integers(1, 2),
            "names": st.booleans(),
        }
    ),
    max_size=5,
)
evidence = st.lists(
    st.fixed_dictionaries(
        {
            "source_id": st.integers(1, SOURCES),
            "cited_source_id": st.none() | st.none() | st.integers(1, SOURCES),
            "stance": st.sampled_from((Stance.SUPPORTS, Stance.REFUTES, Stance.REFINES)),
            "about": st.sets(st.integers(1, 5), max_size=2),
        }
    ),
    max_size=5,
)
configurations = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(ConfigurationKind),
            "is_retired": st.sampled_from((False, False, False, True)),
            "elements": elements,
            "evidence": evidence,
            "members": st.sets(st.integers(1, 6), max_size=3),
        }
    ),
    min_size=1,
    max_size=6,
)
concepts = st.lists(
    st.tuples(st.integers(0, CONCEPTS), st.integers(0, CONCEPTS)),
    min_size=CONCEPTS,
    max_size=CONCEPTS,
)
sources = st.lists(
    st.tuples(
        st.sampled_from((SourceKind.PRIMARY_STUDY, SourceKind.REVIEW)),
        st.integers(0, 2),
        st.integers(0, 2 * SOURCES),  # merged into, where that stands for itself
    ),
    min_size=SOURCES,
    max_size=SOURCES,
)
depths = st.none() | st.integers(1, 2)
choices = st.none() | st.sampled_from([f"K{n}{end}" for n in (1, 2, 3) for end in ("", "*")])
filters = st.fixed_dictionaries(
    {},
    optional={
        "through": choices,
        "stance": st.sampled_from(Stance),
        "source_kind": st.just(SourceKind.REVIEW),
        "source_id": st.integers(1, SOURCES),
        "has": st.lists(st.sampled_from(["context:K1", "outcome:any:reduced"]), max_size=1),
    },
)
sides = st.fixed_dictionaries(
    {
        "rows": st.sampled_from((Role.CONTEXT, Role.MECHANISM, Role.OUTCOME)),
        "columns": st.sampled_from((Role.OUTCOME, Role.RESOURCE, Role.CONTEXT)),
        "split_rows": st.booleans(),
        "split_columns": st.booleans(),
        "depth_rows": depths,
        "depth_columns": depths,
    }
)


def codebook_rows(drawn: list[tuple[int, int]]) -> Rows:
    """Parents and merges point to smaller numbers, so that nothing runs in a circle."""
    return [
        {
            "id": number,
            "label": f"concept {number}",
            "text_key": "",
            "parent_id": parent if 0 < parent < number else None,
            "merged_into_id": into if 0 < into < number and parent % 2 else None,
        }
        for number, (parent, into) in enumerate(drawn, start=1)
    ]


def source_rows(drawn: list[tuple[SourceKind, int, int]]) -> Rows:
    told = {"type": "report", "title": "Work", "text_key": "work", "authors": []}
    rows: Rows = []
    for n, (kind, study, into) in enumerate(drawn, start=1):
        stands = {row["id"] for row in rows if row["merged_into_id"] is None}
        own = {"id": n, "cite_key": f"work{n}", "kind": kind, "study_id": study or None}
        rows.append(told | own | {"merged_into_id": into if into in stands else None})
    return rows


def configuration_rows(drawn: Rows) -> Rows:
    statuses = {True: ConfigurationStatus.RETIRED, False: ConfigurationStatus.CODED}
    return [
        {
            "id": number,
            "template": Template.CMO,
            "kind": configuration["kind"],
            "status": statuses[configuration["is_retired"]],
            "text_key": "",
        }
        for number, configuration in enumerate(drawn, start=1)
    ]


def element_rows(drawn: Rows) -> Rows:
    rows = []
    for number, configuration in enumerate(drawn, start=1):
        behind = None
        told = sorted(configuration["elements"], key=lambda element: str(element["role"]))
        for n, element in enumerate(told, start=1):
            is_named = element["names"] and element["role"] is Role.OUTCOME
            rows.append(
                {
                    "configuration_id": number,
                    "n": n,
                    "wording": "",
                    "wording_key": "",
                    "mechanism_n": behind if is_named else None,
                    **{name: element[name] for name in ("role", "concept_id", "state", "any_of")},
                }
            )
            behind = n if element["role"] in MECHANISM_ROLES else behind
    return sorted(rows, key=lambda row: row["mechanism_n"] is not None)


def evidence_rows(drawn: Rows) -> Rows:
    names = ("source_id", "cited_source_id", "stance")
    return [
        {"configuration_id": number, "n": n, **{name: said[name] for name in names}}
        for number, configuration in enumerate(drawn, start=1)
        for n, said in enumerate(configuration["evidence"], start=1)
    ]


def scope_rows(drawn: Rows) -> Rows:
    return [
        {"configuration_id": number, "evidence_n": n, "element_n": element}
        for number, configuration in enumerate(drawn, start=1)
        for n, said in enumerate(configuration["evidence"], start=1)
        for element in sorted(said["about"])
        if element <= len(configuration["elements"])
    ]


def member_rows(drawn: Rows) -> Rows:
    raw = {n for n, c in enumerate(drawn, start=1) if c["kind"] is ConfigurationKind.RAW}
    return [
        {"configuration_id": number, "member_id": member}
        for number, configuration in enumerate(drawn, start=1)
        if configuration["kind"] is ConfigurationKind.CONSOLIDATED
        for member in sorted(configuration["members"] & raw)
    ]


def store(session: Session, review_id: int, drawn: dict[str, Any]) -> None:
    told = drawn["configurations"]
    tables: list[tuple[type[Base], Rows]] = [
        (Concept, codebook_rows(drawn["concepts"])),
        (Study, [{"id": number, "label": f"study {number}"} for number in (1, 2)]),
        (Source, source_rows(drawn["sources"])),
        (Configuration, configuration_rows(told)),
        (Element, element_rows(told)),
        (Evidence, evidence_rows(told)),
        (EvidenceElement, scope_rows(told)),
        (Consolidation, member_rows(told)),
    ]
    for model, rows in tables:
        insert_many(session, model, [{"review_id": review_id, **row} for row in rows])


def key_of(heading: Any) -> Key:
    return heading.concept_id, heading.state.value if heading.state else None


def found_in(answer: Matrix) -> dict[Place, Figures]:
    return {
        (key_of(answer.rows[cell.row]), key_of(answer.columns[cell.column])): cell.figures
        for cell in answer.cells
    }


@pytest.fixture
def review(world: World, session: Session) -> Review:
    review = session.get_one(Review, world.review.id)
    review.title = "Any"  # opens the change-set outside what each example takes back
    session.flush()
    return review


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.fixed_dictionaries(
        {"concepts": concepts, "sources": sources, "configurations": configurations}
    ),
    sides,
    filters,
)
def test_counts_what_the_method_counts(
    session: Session,
    review: Review,
    drawn: dict[str, Any],
    sides: dict[str, Any],
    asked: dict[str, Any],
) -> None:
    example = session.begin_nested()
    store(session, review.id, drawn)
    wish = MatrixWish(**sides, **asked)
    answer = matrix(session, review, wish)
    expected = expected_matrix(session, review.id, wish)
    outcome_wish = OutcomeWish(**asked, most=100)
    outcomes = {
        (mechanism.concept_id, outcome.concept_id, outcome.state): outcome.figures
        for mechanism in mechanism_outcomes(session, review, outcome_wish)
        for outcome in mechanism.outcomes
    }
    expected_per_mechanism = expected_outcomes(session, review.id, outcome_wish)
    example.rollback()
    assert found_in(answer) == expected.cells
    assert {key_of(h): h.figures for h in answer.rows} == expected.rows
    assert {key_of(h): h.figures for h in answer.columns} == expected.columns
    assert answer.total == expected.total
    assert (answer.left_out.no_row, answer.left_out.no_column) == expected.left_out
    assert outcomes == expected_per_mechanism
