from dataclasses import dataclass
from pathlib import Path

import pytest

from app.theory import wording
from app.theory.vocabulary import Role
from app.theory.wording import if_then_because


@dataclass(frozen=True)
class Element:
    role: Role
    wording: str
    any_of: int | None = None


CONTEXT = Element(Role.CONTEXT, "contract prescribes most joint behaviour")
MECHANISM = Element(Role.MECHANISM, "partners read cooperation as obligation")
OUTCOME = Element(Role.OUTCOME, "trust is undermined")


def test_states_context_mechanism_and_outcome_in_one_sentence() -> None:
    assert if_then_because([CONTEXT, MECHANISM, OUTCOME]) == (
        "If contract prescribes most joint behaviour, then trust is undermined, "
        "because partners read cooperation as obligation."
    )


def test_the_order_of_roles_does_not_change_the_sentence() -> None:
    assert if_then_because([OUTCOME, MECHANISM, CONTEXT]) == if_then_because(
        [CONTEXT, MECHANISM, OUTCOME]
    )


def test_states_resource_and_response_apart() -> None:
    elements = [
        Element(Role.CONTEXT, "low trust"),
        Element(Role.RESOURCE, "early targets"),
        Element(Role.RESPONSE, "partners see that the other side delivers"),
        Element(Role.OUTCOME, "trust grows"),
    ]
    assert if_then_because(elements) == (
        "If low trust, given early targets, then trust grows, "
        "because partners see that the other side delivers."
    )


def test_states_intervention_and_actor() -> None:
    elements = [
        Element(Role.INTERVENTION, "managers set early targets"),
        Element(Role.CONTEXT, "mandated merger"),
        Element(Role.ACTOR, "ward staff"),
        Element(Role.MECHANISM, "they see progress"),
        Element(Role.OUTCOME, "faith grows"),
    ]
    assert if_then_because(elements) == (
        "If mandated merger, given managers set early targets, then, for ward staff, "
        "faith grows, because they see progress."
    )


@pytest.mark.parametrize("role", [Role.INTERVENTION, Role.STRATEGY, Role.RESOURCE])
def test_whatever_the_programme_brings_is_given(role: Role) -> None:
    brought = Element(role, "mediation")
    assert if_then_because([CONTEXT, brought, MECHANISM, OUTCOME]) == (
        "If contract prescribes most joint behaviour, given mediation, "
        "then trust is undermined, because partners read cooperation as obligation."
    )


def test_agency_stands_where_an_actor_would() -> None:
    elements = [CONTEXT, Element(Role.AGENCY, "boards"), MECHANISM, OUTCOME]
    assert ", then, for boards, trust is undermined, because" in if_then_because(elements)


def test_joint_elements_are_joined_by_and() -> None:
    elements = [
        Element(Role.CONTEXT, "trust"),
        Element(Role.CONTEXT, "confidence"),
        Element(Role.CONTEXT, "faith"),
        Element(Role.RESPONSE, "actors take risks"),
        Element(Role.MECHANISM, "commitment"),
        Element(Role.INTERVENTION, "mediation"),
        Element(Role.OUTCOME, "partners share"),
        Element(Role.OUTCOME, "care improves"),
    ]
    assert if_then_because(elements) == (
        "If trust, confidence and faith, given mediation, then partners share and care improves, "
        "because actors take risks and commitment."
    )


def test_alternatives_are_joined_by_or() -> None:
    elements = [
        Element(Role.CONTEXT, "conflict", any_of=1),
        Element(Role.CONTEXT, "rivalry", any_of=1),
        Element(Role.CONTEXT, "distance", any_of=1),
        Element(Role.MECHANISM, "suspicion", any_of=1),
        Element(Role.MECHANISM, "fear", any_of=1),
        OUTCOME,
    ]
    assert if_then_because(elements) == (
        "If conflict, rivalry or distance, then trust is undermined, because suspicion or fear."
    )


def test_alternatives_beside_joint_elements_are_set_apart() -> None:
    elements = [
        Element(Role.CONTEXT, "conflict", any_of=1),
        Element(Role.CONTEXT, "a mandate"),
        Element(Role.CONTEXT, "rivalry", any_of=1),
        Element(Role.CONTEXT, "small boards", any_of=2),
        Element(Role.CONTEXT, "new boards", any_of=2),
        MECHANISM,
        OUTCOME,
    ]
    assert if_then_because(elements).startswith(
        "If either conflict or rivalry, and a mandate, and either small boards or new boards, then"
    )


def test_the_same_group_number_in_two_roles_is_two_groups() -> None:
    elements = [
        CONTEXT,
        Element(Role.RESPONSE, "fear", any_of=1),
        Element(Role.MECHANISM, "suspicion", any_of=1),
        Element(Role.RESOURCE, "targets"),
        OUTCOME,
    ]
    assert if_then_because(elements).endswith("because fear and suspicion.")


@pytest.mark.parametrize(
    ("elements", "sentence"),
    [
        ([Element(Role.OUTCOME, "trust grows")], "If …, then trust grows, because …."),
        ([Element(Role.CONTEXT, "rivalry")], "If rivalry, then …, because …."),
        ([Element(Role.MECHANISM, "hope")], "If …, then …, because hope."),
        ([Element(Role.RESOURCE, "targets")], "If …, given targets, then …, because …."),
        ([Element(Role.RESPONSE, "hope")], "If …, given …, then …, because hope."),
        ([Element(Role.ACTOR, "nurses")], "If …, then, for nurses, …, because …."),
        ([Element(Role.CONTEXT, " "), OUTCOME], "If …, then trust is undermined, because …."),
    ],
)
def test_what_is_missing_shows_as_an_ellipsis(elements: list[Element], sentence: str) -> None:
    assert if_then_because(elements) == sentence


def test_no_elements_make_no_sentence() -> None:
    assert if_then_because([]) == ""


@pytest.mark.parametrize(
    ("context", "outcome", "mechanism", "sentence"),
    [
        (
            "When staff are asked",
            "so morale improves",
            "because they feel respected",
            "If staff are asked, then morale improves, because they feel respected.",
        ),
        (
            "IF, given that The ward is full",
            "Then, so that care improves",
            "and so what",
            "If the ward is full, then care improves, because and so what.",
        ),
        (
            "if only time allowed",
            "so many staff leave",
            "since 2010 nobody asks",
            "If if only time allowed, then so many staff leave, because since 2010 nobody asks.",
        ),
        (
            "NHS trusts merge",
            "A&E waits grow",
            "London staff feel blamed",
            "If NHS trusts merge, then A&E waits grow, because London staff feel blamed.",
        ),
        ("when", "So", "since", "If when, then So, because since."),
    ],
)
def test_a_connective_that_the_sentence_supplies_is_not_said_twice(
    context: str, outcome: str, mechanism: str, sentence: str
) -> None:
    elements = [
        Element(Role.CONTEXT, context),
        Element(Role.OUTCOME, outcome),
        Element(Role.MECHANISM, mechanism),
    ]
    assert if_then_because(elements) == sentence
    assert [element.wording for element in elements] == [context, outcome, mechanism]


def test_what_is_given_is_given_once_and_for_whom_too() -> None:
    elements = [
        Element(Role.CONTEXT, "asked early"),
        Element(Role.RESOURCE, "given time"),
        Element(Role.ACTOR, "for ward staff"),
    ]
    assert if_then_because(elements) == (
        "If asked early, given time, then, for ward staff, …, because …."
    )


def test_the_composer_leaves_out_the_same_words() -> None:
    script = (Path(wording.__file__).parents[1] / "web/static/sentence.js").read_text()
    for said in (wording.CIRCUMSTANCES, wording.RESULT, wording.REASON):
        assert f"`{said}`" in script
    assert f'"{wording.ORDINARY}"' in script


def test_wordings_are_only_joined_and_a_full_stop_is_not_doubled() -> None:
    elements = [
        Element(Role.CONTEXT, "NHS “Trusts”  merge,"),
        Element(Role.MECHANISM, "Staff feel heard."),
        Element(Role.OUTCOME, "FAITH"),
    ]
    assert if_then_because(elements) == (
        "If NHS “Trusts”  merge,, then FAITH, because staff feel heard."
    )
