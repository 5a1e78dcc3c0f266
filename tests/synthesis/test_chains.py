"""Chains through the API: what is followed, what each step is worth, what is said of it."""

from typing import Any

import pytest
from sqlalchemy import Engine, event

from tests.synthesis.causality import Web, element
from tests.theory.material import problem


def test_follows_links_from_a_concept_to_an_outcome_and_tells_what_each_step_is_worth(
    web: Web,
) -> None:
    answer = web.ask(from_="K1", to="K5")
    [chain] = answer["chains"]
    assert chain["configurations"] == [1, 2, 3, 4]
    assert chain["weakest"] == {"configuration": 4, "sources": 1}
    assert (chain["consecutive"], chain["whole"]) == ([1, 2, 4], [])
    assert (chain["reason_only"], chain["possible"], chain["opposing"]) == (3, 0, 0)
    assert (chain["begins_with"], chain["ends_with"]) == ([1], [2])
    figures = chain["figures"]
    assert (figures["sources"], figures["studies"], figures["reviews"]) == (4, 3, 1)
    joints = [j for n in chain["links"] for j in answer["links"] if j["n"] == n]
    assert [(j["links"], j["witnesses"]) for j in joints] == [([1], [1, 2]), ([2], [2]), ([3], [4])]
    first = answer["configurations"][0]
    assert (first["figures"]["supporting"], first["figures"]["refuting"]) == (2, 1)
    assert web.door.get(first["url"]).json()["id"] == first["id"] == 1
    assert "not the strength of a claim" in answer["caption"]
    assert (answer["is_truncated"], answer["why"]) == (False, None)


def test_with_one_end_only_the_longest_chains_are_told(web: Web) -> None:
    assert web.ways(from_="K6") == [[5, 6, 4, 7, 1, 2, 3]]
    assert web.ways(from_="K6", depth=2) == [[5, 6, 4]]
    assert web.ways(to="K4", depth=2) == [[1, 2, 3], [5, 6]]
    assert web.ways(to="K2", depth=2) == [[4, 7, 1]]


def test_a_single_configuration_answers_when_both_ends_are_named(blank: Web) -> None:
    only = blank.step(1, 2, 1)
    blank.step(2, 3)
    [chain] = blank.ask(from_="K1", to="K2")["chains"]
    assert (chain["configurations"], chain["links"], chain["consecutive"]) == ([only], [], [])
    assert blank.ways(from_="K1") == []
    assert blank.ways(from_="K1", to="K3") == []


def test_an_end_may_be_narrowed_to_a_state_or_widened_to_narrower_concepts(blank: Web) -> None:
    blank.post("/concepts", {"label": "open conflict", "parent_id": 1})
    blank.step(element("context", 8, "high"), element("outcome", 2, "reduced"))
    assert blank.ways(from_="K1", to="K2") == []
    assert blank.ways(from_="K1*", to="K2") == [[1]]
    assert blank.ways(from_="K1*:low", to="K2") == []
    assert blank.ways(from_="K8:high", to="K2:reduced") == [[1]]
    assert blank.ways(from_="K2", to="K2") == []  # an outcome is no beginning


@pytest.mark.parametrize(
    "query",
    ["", "?through=K2", "?from=trust", "?from=K99", "?from=K1:tall", "?from=K1&depth=11",
     "?from=K1&limit=501", "?from=K1&has=context:K1"],
)  # fmt: skip
def test_refuses_a_question_that_asks_nothing_or_what_is_not_there(web: Web, query: str) -> None:
    assert problem(web.door.get(f"{web.base}/chains{query}"))[:2] == (422, "invalid")


def test_merged_concepts_are_one(web: Web) -> None:
    web.post("/concepts", {"label": "quarrels"})
    merged = web.door.post(
        f"{web.base}/concepts/8/merge", json={"into_id": 1}, headers={"If-Match": "*"}
    )
    assert merged.status_code == 200
    assert web.ways(from_="K8", to="K5") == [[1, 2, 3, 4]]


def test_goes_only_through_the_mechanism_asked_for(blank: Web) -> None:
    hidden = blank.add(element("context", 1), element("resource", 7), element("outcome", 2))
    plain = blank.step(1, 2)
    last = blank.step(2, 3)
    blank.feed(hidden, last, out=3)
    blank.feed(plain, last)
    assert blank.ways(from_="K1", to="K3") == [[hidden, last], [plain, last]]
    assert blank.ways(from_="K1", to="K3", through="K7") == [[hidden, last]]
    assert blank.ways(from_="K1", through="K7*") == [[hidden, last]]
    assert blank.ways(to="K3", through="K6") == []


def test_retired_configurations_lie_on_no_chain(web: Web) -> None:
    url = f"{web.base}/configurations/2"
    web.door.patch(url, json={"status": "retired"}, headers={"If-Match": "*"})
    assert web.ways(from_="K1", to="K5") == []


def test_a_link_of_a_member_counts_for_the_consolidated_one(web: Web) -> None:
    whole = web.add(
        element("context", 2, "low"),
        element("outcome", 3, "reduced"),
        kind="consolidated",
        members=[{"member_id": 2}],
        supports=(5,),
    )
    answer = web.ask(from_="K1", to="K5")
    [chain] = answer["chains"]
    assert chain["configurations"] == [1, whole, 3, 4]
    lifted = [joint for joint in answer["links"] if whole in (joint["from_id"], joint["to_id"])]
    assert [(j["links"], j["is_lifted"], j["to_element_n"]) for j in lifted] == [
        ([1], True, 1), ([2], True, 1)
    ]  # fmt: skip
    [step] = [s for s in answer["configurations"] if s["id"] == whole]
    assert step["figures"]["supporting"] == 3  # its own S5, its member's S1 and S2


def test_links_between_members_of_one_consolidated_configuration_fall_away(web: Web) -> None:
    members = [{"member_id": 1}, {"member_id": 2}]
    web.add(element("context", 1), element("outcome", 3), kind="consolidated", members=members)
    assert web.ways(from_="K1", to="K5") == [[8, 3, 4]]
    assert web.ways(from_="K1", to="K2") == []


def test_constructed_configurations_are_marked_and_have_no_witnesses(blank: Web) -> None:
    made = blank.step(1, 2, 1, 2, kind="constructed")
    last = blank.step(2, 3, 1)
    blank.feed(made, last)
    answer = blank.ask(from_="K1")
    [chain] = answer["chains"]
    assert chain["weakest"] == {"configuration": made, "sources": 0}
    assert (answer["configurations"][0]["is_constructed"], chain["whole"]) == (True, [])
    assert answer["configurations"][0]["figures"]["sources"] == 0


def test_evidence_cited_from_another_work_counts_as_that_work(blank: Web) -> None:
    first = blank.step(1, 2, 1)
    second = blank.add(
        element("context", 2), element("outcome", 3), evidence=[
            {"source_id": 3, "basis": "cited", "cited_source_id": 1}
        ],
    )  # fmt: skip
    blank.feed(first, second)
    [chain] = blank.ask(from_="K1")["chains"]
    assert chain["whole"] == [1]


def test_what_enters_by_one_mechanism_does_not_leave_by_the_outcome_of_another(
    blank: Web,
) -> None:
    first = blank.step(1, 2)
    forked = blank.add(
        element("mechanism", 2),
        element("mechanism", 7),
        element("outcome", 3, mechanism_n=1),
        element("outcome", 4, mechanism_n=2),
    )
    blank.feed(first, forked)
    assert blank.ways(from_="K1", to="K3") == [[first, forked]]
    assert blank.ways(from_="K1", to="K4") == []
    assert blank.ways(from_="K2", to="K4") == []
    assert blank.ways(from_="K7", to="K4") == [[forked]]
    onward = blank.step(4, 5)
    blank.feed(forked, onward, out=4)
    assert blank.ways(from_="K1") == [[first, forked]]
    assert blank.ways(to="K5") == [[forked, onward]]


def test_a_link_that_names_no_elements_may_join_any(blank: Web) -> None:
    first, second = blank.step(1, 2), blank.step(4, 5)
    blank.feed(first, second, out=None, into=None)
    answer = blank.ask(from_="K1", to="K5")
    assert [chain["state_open"] for chain in answer["chains"]] == [1]
    [joint] = answer["links"]
    assert (joint["from_element_n"], joint["to_element_n"], joint["concept_id"]) == (None,) * 3


@pytest.mark.parametrize(
    ("left", "entered", "flags"),
    [
        ("increased", "high", (False, False)),
        ("increased", "present", (False, False)),
        ("maintained", "present", (False, False)),
        ("reduced", "absent", (False, False)),
        ("increased", "low", (True, False)),
        ("present", "absent", (True, False)),
        ("mixed", "low", (False, True)),
        ("reduced", "not_stated", (False, True)),
    ],
)
def test_asserted_links_are_kept_and_flagged_where_their_states_oppose_or_are_open(
    blank: Web, left: str, entered: str, flags: tuple[bool, bool]
) -> None:
    first = blank.step(1, element("outcome", 2, left))
    second = blank.step(element("context", 2, entered), 3)
    blank.feed(first, second)
    [joint] = blank.ask(from_="K1")["links"]
    assert (joint["is_opposing"], joint["is_state_open"]) == flags


def test_evidence_of_a_link_is_told_apart_from_a_reason_alone(blank: Web) -> None:
    first, second, third = blank.step(1, 2), blank.step(2, 3), blank.step(3, 4)
    evidence = [{"source_id": 1}, {"source_id": 2, "stance": "refutes"}]
    blank.feed(first, second, evidence=evidence)
    blank.feed(second, third)
    answer = blank.ask(from_="K1")
    told = [(j["is_reason_only"], j["supporting"], j["refuting"]) for j in answer["links"]]
    assert told == [(False, 1, 1), (True, 0, 0)]
    assert answer["chains"][0]["reason_only"] == 1


def test_moderators_substitutes_and_contradictions_on_the_way_are_named(web: Web) -> None:
    beside = web.step(6, 3)
    far = web.step(6, 3)
    given: list[dict[str, Any]] = [
        {"kind": "moderates", "to_link_id": 1, "effect": "weakens"},
        {"kind": "moderates", "to_id": 2, "effect": "enables"},
        {"kind": "substitutes_for", "to_id": 1},
        {"kind": "contradicts", "to_id": 3, "moderator": "degree of formality"},
        {"kind": "contradicts", "to_id": far},
    ]
    made = [web.post("/links", {"from_id": beside, "reason": "r", **more})["id"] for more in given]
    answer = web.ask(from_="K1", to="K5")
    assert [bearing["id"] for bearing in answer["bearing"]] == made[:4]
    assert answer["chains"][0]["bearing"] == made[:4]
    assert answer["bearing"][0]["effect"] == "weakens"
    assert answer["bearing"][3]["moderator"] == "degree of formality"
    assert web.ask(from_="K6", to="K7")["bearing"] == []


def test_the_best_supported_come_first_and_more_is_said_aloud(blank: Web) -> None:
    weak, strong = blank.step(1, 2, 1), blank.step(1, 2, 1, 2, 4)
    last = blank.step(2, 3, 1, 2, 5)
    blank.feed(weak, last)
    blank.feed(strong, last)
    assert blank.ways(from_="K1", to="K3") == [[strong, last], [weak, last]]
    cut = blank.ask(from_="K1", to="K3", limit=1)
    assert [c["configurations"] for c in cut["chains"]] == [[strong, last]]
    assert cut["is_truncated"]
    assert "raise limit" in cut["why"]
    assert "Cut off" in cut["caption"]
    assert not blank.ask(from_="K1", to="K3", limit=2)["is_truncated"]
    assert blank.ways(from_="K1", to="K3", min_support=2) == [[strong, last]]
    assert blank.ways(from_="K1", to="K3", min_support=4) == []


def test_loops_that_touch_the_answer_are_told_once_with_their_turn(web: Web) -> None:
    [loop] = web.ask(from_="K1", to="K5")["loops"]
    assert loop["configurations"] == [1, 2, 3, 4, 7]
    assert loop["turn"] == "reinforces"
    assert len(loop["links"]) == 5
    assert web.ask(from_="K6", to="K7")["loops"] == []
    assert web.ask(from_="K1", to="K5", depth=4)["loops"] == []


@pytest.mark.parametrize(
    ("back", "turn"), [("low", "balances"), ("high", "reinforces"), ("mixed", "open")]
)
def test_a_loop_balances_when_it_turns_the_direction_around(
    blank: Web, back: str, turn: str
) -> None:
    outcome = {"low": "reduced", "high": "increased", "mixed": "mixed"}[back]
    first = blank.step(element("context", 1, "high"), element("outcome", 2, "increased"))
    second = blank.step(element("context", 2, "high"), element("outcome", 1, outcome))
    blank.feed(first, second)
    blank.feed(second, first)
    [loop] = blank.ask(from_="K1")["loops"]
    assert (loop["configurations"], loop["turn"]) == ([first, second], turn)


def test_an_answer_takes_at_most_twenty_queries(web: Web, store: Engine) -> None:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE")):
            seen.append(statement)

    event.listen(store, "before_cursor_execute", note)
    web.ask(from_="K1", to="K5", possible=True)
    event.remove(store, "before_cursor_execute", note)
    assert 5 < len(seen) <= 20


def judge(web: Web, link: int, verdict: str, day: str) -> None:
    """Give a verdict on a link."""
    body = {"verdict": verdict, "decided_on": day, "reason": "read again"}
    web.post(f"/links/{link}/verdicts", body)


def test_a_link_that_people_refuted_says_so_and_witnesses_nothing(web: Web) -> None:
    judge(web, 1, "refuted", "2026-05-02")
    answer = web.ask(from_="K1", to="K5")
    [chain] = answer["chains"]
    assert chain["configurations"] == [1, 2, 3, 4]
    assert (chain["refuted"], chain["consecutive"], chain["whole"]) == (1, [2, 4], [])
    by_link = {joint["links"][0]: joint for joint in answer["links"]}
    assert (by_link[1]["is_refuted"], by_link[1]["witnesses"]) == (True, [])
    assert (by_link[2]["is_refuted"], by_link[2]["witnesses"]) == (False, [2])


def test_the_verdict_of_the_last_day_counts_whenever_it_was_written_down(web: Web) -> None:
    judge(web, 1, "refuted", "2026-05-02")
    judge(web, 1, "affirmed", "2026-01-01")
    assert web.ask(from_="K1", to="K5")["chains"][0]["refuted"] == 1
    assert web.door.get(f"{web.base}/links/1").json()["verdicts"][-1]["verdict"] == "refuted"
    judge(web, 1, "affirmed", "2026-05-02")
    assert web.ask(from_="K1", to="K5")["chains"][0]["refuted"] == 0


def test_chains_without_a_refuted_link_come_first(blank: Web) -> None:
    strong, weak = blank.step(1, 2, 1, 2), blank.step(1, 2)
    last = blank.step(2, 3, 1, 2)
    blank.feed(strong, last)
    blank.feed(weak, last)
    assert blank.ways(from_="K1", to="K3") == [[strong, last], [weak, last]]
    judge(blank, 1, "refuted", "2026-05-02")
    assert blank.ways(from_="K1", to="K3") == [[weak, last], [strong, last]]


def test_of_two_links_between_the_same_elements_both_must_be_refuted(blank: Web) -> None:
    first, last = blank.step(1, 2), blank.step(2, 3)
    blank.feed(first, last)
    blank.feed(first, last, out=None, into=None)
    judge(blank, 1, "refuted", "2026-05-02")
    assert blank.ask(from_="K1", to="K3")["chains"][0]["refuted"] == 0
    judge(blank, 2, "refuted", "2026-05-02")
    assert blank.ask(from_="K1", to="K3")["chains"][0]["refuted"] == 1
