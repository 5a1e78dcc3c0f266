"""Possible links: when they are offered, how they are accepted, refused and taken back."""

from typing import Any

import pytest

from tests.conftest import World
from tests.synthesis.causality import Json, Web, element
from tests.theory.material import ANY, problem


def offered(web: Web, left: Json, entered: Json, *beside: Json) -> bool:
    """Say whether an outcome (n 2) is offered to become an element (n 1) of another."""
    first = web.step(1, left)
    second = web.add(entered, element("outcome", 5), *beside)
    return (first, 2, second, 1) in web.possible()


@pytest.mark.parametrize(
    ("left", "entered"),
    [
        ("increased", "high"),
        ("high", "present"),
        ("maintained", "present"),
        ("reduced", "low"),
        ("low", "absent"),
        ("mixed", "low"),
        ("increased", "not_stated"),
    ],
)
def test_states_that_go_together_are_offered(blank: Web, left: str, entered: str) -> None:
    assert offered(blank, element("outcome", 2, left), element("context", 2, entered))
    [item] = blank.door.get(f"{blank.base}/links/possible").json()["items"]
    assert item["is_state_open"] == ({left, entered} & {"mixed", "not_stated"} != set())
    assert "trust" in item["why"]


@pytest.mark.parametrize(
    ("left", "entered"),
    [("increased", "low"), ("present", "absent"), ("maintained", "absent"), ("reduced", "present")],
)
def test_states_that_oppose_are_not_offered(blank: Web, left: str, entered: str) -> None:
    assert not offered(blank, element("outcome", 2, left), element("context", 2, entered))


@pytest.mark.parametrize("role", ["context", "mechanism", "resource", "response"])
def test_an_outcome_becomes_a_context_or_a_mechanism(blank: Web, role: str) -> None:
    assert offered(blank, element("outcome", 2), element(role, 2))


@pytest.mark.parametrize("role", ["intervention", "actor", "outcome"])
def test_an_outcome_becomes_nothing_else(blank: Web, role: str) -> None:
    assert not offered(blank, element("outcome", 2), element(role, 2))


@pytest.mark.parametrize(
    ("left", "entered", "fits"),
    [
        ({"actor": "Nurses"}, {"actor": "managers"}, False),
        ({"actor": "Nurses"}, {"actor": "nurses"}, True),
        ({"actor": "Nurses"}, {}, True),
        ({"level": "micro"}, {"level": "macro"}, False),
        ({"level": "micro"}, {}, True),
    ],
)
def test_conflicts_of_actor_and_level_count_where_both_are_stated(
    blank: Web, left: Json, entered: Json, *, fits: bool
) -> None:
    is_offered = offered(blank, element("outcome", 2, **left), element("context", 2, **entered))
    assert is_offered == fits


def test_contexts_that_oppose_in_one_concept_are_in_conflict(blank: Web) -> None:
    first = blank.add(element("context", 6, "high"), element("outcome", 2))
    against = blank.add(element("context", 6, "low"), element("context", 2), element("outcome", 3))
    along = blank.add(element("context", 6, "high"), element("context", 2), element("outcome", 3))
    assert blank.possible() == [(first, 2, along, 2)]
    assert against not in {place[2] for place in blank.possible()}


def test_what_an_outcome_changes_is_no_conflict_with_how_it_was_before(blank: Web) -> None:
    first = blank.add(element("context", 2, "low"), element("outcome", 2, "increased"))
    second = blank.step(element("context", 2, "high"), 3)
    assert blank.possible() == [(first, 2, second, 1)]


def test_only_what_counts_is_offered_and_merged_concepts_are_one(blank: Web) -> None:
    blank.post("/concepts", {"label": "confidence between partners"})
    merge = f"{blank.base}/concepts/8/merge"
    assert blank.door.post(merge, json={"into_id": 2}, headers=ANY).status_code == 200
    first = blank.step(1, 8)
    second = blank.step(2, 3)
    blank.step(2, 3, kind="constructed")
    blank.step(2, 3, status="retired")
    assert blank.possible() == [(first, 2, second, 1)]
    members = [{"member_id": second}]
    whole = blank.step(2, 3, kind="consolidated", members=members)
    assert blank.possible() == [(first, 2, whole, 1)]


def test_possible_links_are_followed_only_when_asked_and_stay_told_apart(blank: Web) -> None:
    first, second = blank.step(1, 2, 1), blank.step(2, 3, 1)
    assert blank.ways(from_="K1", to="K3") == []
    answer = blank.ask(from_="K1", to="K3", possible=True)
    [chain], [joint] = answer["chains"], answer["links"]
    assert (chain["configurations"], chain["possible"]) == ([first, second], 1)
    assert (joint["is_possible"], joint["links"], joint["is_reason_only"]) == (True, [], False)
    assert "suggested" in answer["caption"]
    blank.feed(first, second)
    [joint] = blank.ask(from_="K1", to="K3", possible=True)["links"]
    assert (joint["is_possible"], joint["was_suggested"]) == (False, False)


def test_a_chain_of_asserted_links_goes_before_one_of_suggested_ones(blank: Web) -> None:
    loose, firm, last = blank.step(1, 2, 1), blank.step(1, 2, 1), blank.step(2, 3, 1)
    blank.feed(firm, last)
    found = blank.ways(from_="K1", to="K3", possible=True)
    assert found == [[firm, last], [loose, last]]


def test_the_list_is_paged_and_narrowed(blank: Web) -> None:
    starts = [blank.step(1, 2) for _ in range(3)]
    end = blank.step(2, 3)
    page = blank.door.get(f"{blank.base}/links/possible?limit=2").json()
    rest = blank.possible(limit=2, after=page["next"])
    assert [item["from_id"] for item in page["items"]] == starts[:2]
    assert rest == [(starts[2], 2, end, 1)]
    assert blank.possible(configuration_id=starts[1]) == [(starts[1], 2, end, 1)]
    assert len(blank.possible(configuration_id=end)) == 3
    assert blank.possible(concept="K2*") == blank.possible()
    assert blank.possible(concept="K3") == []
    assert problem(blank.door.get(f"{blank.base}/links/possible?configuration_id=99"))[0] == 422


def accepting(first: int, second: int, **more: Any) -> Json:
    return {
        "kind": "feeds",
        "from_id": first,
        "from_element_n": 2,
        "to_id": second,
        "to_element_n": 1,
        "was_suggested": True,
        "reason": "the trust lost is the trust lacking",
        **more,
    }


def test_an_accepted_suggestion_is_asserted_and_known_for_one(blank: Web) -> None:
    first, second = blank.step(1, 2), blank.step(2, 3)
    made = blank.post("/links", accepting(first, second))
    assert made["was_suggested"] is True
    assert blank.possible() == []
    [joint] = blank.ask(from_="K1")["links"]
    assert (joint["is_possible"], joint["was_suggested"]) == (False, True)
    listed = blank.door.get(f"{blank.base}/links?was_suggested=true").json()["items"]
    assert [link["id"] for link in listed] == [made["id"]]
    assert blank.door.get(f"{blank.base}/links?was_suggested=false").json()["items"] == []


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ({"kind": "variant_of"}, "kind"),
        ({"from_element_n": None}, "from_element_n"),
        ({"to_element_n": None}, "to_element_n"),
        ({"to_element_n": 3}, "was_suggested"),
        ({"reason": None}, "body.reason"),
    ],
)
def test_refuses_to_accept_what_is_not_offered(blank: Web, spoil: Json, field: str) -> None:
    first = blank.step(1, 2)
    second = blank.add(element("context", 2), element("outcome", 3), element("context", 4))
    refused = blank.door.post(f"{blank.base}/links", json=accepting(first, second, **spoil))
    assert problem(refused) == (422, "invalid", [field]), refused.text


def test_refuses_to_accept_a_constructed_configuration_or_what_is_linked_already(
    blank: Web,
) -> None:
    first, second = blank.step(1, 2), blank.step(2, 3)
    made = blank.step(2, 3, kind="constructed")
    refused = blank.door.post(f"{blank.base}/links", json=accepting(first, made))
    assert problem(refused) == (422, "invalid", ["was_suggested"])
    blank.feed(first, second, out=None, into=None)
    again = blank.door.post(f"{blank.base}/links", json=accepting(first, second))
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def refusal(first: int, second: int) -> Json:
    return {
        "from_id": first,
        "from_element_n": 2,
        "to_id": second,
        "to_element_n": 1,
        "reason": "another trust",
    }


def test_a_refused_link_is_offered_no_more_until_the_refusal_is_taken_back(
    blank: Web, world: World
) -> None:
    first, second = blank.step(1, 2), blank.step(2, 3)
    coder = world.door("coder")
    url = f"{blank.base}/links/refusals"
    made = coder.post(url, json=refusal(first, second))
    assert made.status_code == 201, made.text
    assert blank.possible() == []
    assert blank.ways(from_="K1", to="K3", possible=True) == []
    assert coder.get(url).json()["items"] == [made.json()]
    assert coder.get(f"{url}?configuration_id={second}").json()["items"] == [made.json()]
    assert coder.get(f"{url}?configuration_id=99").json()["items"] == []
    assert coder.post(url, json=refusal(first, second)).status_code == 409
    accepted = coder.post(f"{blank.base}/links", json=accepting(first, second))
    assert (accepted.status_code, accepted.json()["code"]) == (409, "conflict")
    place = f"{url}/{first}/2/{second}/1"
    assert coder.delete(place).status_code == 204
    assert blank.possible() == [(first, 2, second, 1)]
    assert coder.delete(place).status_code == 404


def test_a_coder_takes_back_their_own_refusals_only(blank: Web, world: World) -> None:
    first, second = blank.step(1, 2), blank.step(2, 3)
    blank.post("/links/refusals", refusal(first, second))
    place = f"{blank.base}/links/refusals/{first}/2/{second}/1"
    assert world.door("coder").delete(place).status_code == 403
    assert world.door("editor").delete(place).status_code == 204


@pytest.mark.parametrize(
    ("spoil", "field"),
    [
        ({"to_id": 99}, "to_id"),
        ({"from_element_n": 1}, "from_element_n"),
        ({"from_element_n": 9}, "from_element_n"),
        ({"to_element_n": 2}, "to_element_n"),
        ({"reason": ""}, "body.reason"),
    ],
)
def test_refuses_refusals_of_what_could_never_be_offered(
    blank: Web, spoil: Json, field: str
) -> None:
    first, second = blank.step(1, 2), blank.step(2, 3)
    body = refusal(first, second) | spoil
    refused = blank.door.post(f"{blank.base}/links/refusals", json=body)
    assert problem(refused) == (422, "invalid", [field]), refused.text


@pytest.mark.parametrize("end", [0, 1])
@pytest.mark.parametrize("is_whole", [True, False])
def test_deleting_either_end_takes_the_refusal_along_and_undo_brings_it_back(
    blank: Web, end: int, *, is_whole: bool
) -> None:
    ends = blank.step(1, 2), blank.step(2, 3)
    blank.post("/links/refusals", refusal(*ends))
    url = f"{blank.base}/configurations/{ends[end]}"
    gone = blank.door.delete(url if is_whole else f"{url}/elements/{2 - end}", headers=ANY)
    assert gone.status_code < 300, gone.text
    assert blank.door.get(f"{blank.base}/links/refusals").json()["items"] == []
    history = blank.door.get(f"{blank.base}/history?limit=500").json()["items"]
    last = max(entry["id"] for entry in history)
    undone = blank.door.post(f"{blank.base}/history/{last}/undo")
    assert undone.status_code == 200, undone.text
    assert len(blank.door.get(f"{blank.base}/links/refusals").json()["items"]) == 1
    assert blank.possible() == []
