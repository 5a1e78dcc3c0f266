"""A coder changes what they added, an editor what anybody added, a reader nothing."""

from typing import Any

import pytest

from tests.conftest import Door, World

ANYWAY = {"If-Match": "*"}
SOURCE = {"title": "Faith in ventures", "authors": [{"family": "Ngo"}], "year": 2019}
ELEMENT = {"role": "context", "wording": "equal partners"}


def made(door: Door, address: str, body: dict[str, Any]) -> str:
    """Make something and return its address."""
    answer = door.post(address, json=body)
    assert answer.status_code == 201, answer.text
    return f"{address}/{answer.json()['id']}"


def things(world: World, who: str) -> dict[str, tuple[str, dict[str, Any]]]:
    """One thing of every kind a coder may add, made by somebody, and a change of it."""
    door, base = world.door(who), world.base
    source = made(door, f"{base}/sources", SOURCE)
    quote = {"source_id": int(source.rpartition("/")[2]), "exact": "they trusted each other"}
    configuration = made(door, f"{base}/configurations", {"elements": [ELEMENT]})
    other = made(door, f"{base}/configurations", {"elements": [ELEMENT]})
    ends = [int(address.rpartition("/")[2]) for address in (configuration, other)]
    link = {"kind": "feeds", "from_id": ends[0], "to_id": ends[1], "reason": "same venture"}
    return {
        "source": (source, {"title": "Changed"}),
        "quote": (made(door, f"{base}/quotes", quote), {"note": "Changed"}),
        "memo": (made(door, f"{base}/memos", {"kind": "theory", "text": "t"}), {"text": "Changed"}),
        "configuration": (configuration, {"title": "Changed"}),
        "element": (f"{configuration}/elements/1", {"wording": "Changed"}),
        "link": (made(door, f"{base}/links", link), {"reason": "Changed"}),
    }


def statuses(door: Door, targets: dict[str, tuple[str, dict[str, Any]]]) -> dict[str, int]:
    return {
        kind: door.patch(address, json=change, headers=ANYWAY).status_code
        for kind, (address, change) in targets.items()
    }


def test_a_coder_changes_what_they_added(world: World, coder: Door) -> None:
    assert set(statuses(coder, things(world, "coder")).values()) == {200}


def test_a_coder_does_not_change_what_others_added(world: World, coder: Door) -> None:
    targets = things(world, "editor")
    assert set(statuses(coder, targets).values()) == {403}
    refused = coder.patch(targets["source"][0], json={"title": "x"}, headers=ANYWAY).json()
    assert (refused["role_needed"], refused["your_role"]) == ("editor", "coder")
    for address, _ in targets.values():
        assert coder.delete(address, headers=ANYWAY).status_code == 403, address
    assert coder.get(targets["source"][0]).json()["title"] == SOURCE["title"]


def test_an_editor_changes_what_anybody_added(world: World, editor: Door) -> None:
    assert set(statuses(editor, things(world, "coder")).values()) == {200}


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_others_change_nothing(world: World, who: str) -> None:
    expected = {"reader": 403, "stranger": 404}[who]
    assert set(statuses(world.door(who), things(world, "coder")).values()) == {expected}


def test_a_coder_adds_no_evidence_and_no_element_to_what_others_made(
    world: World, coder: Door
) -> None:
    address = things(world, "editor")["configuration"][0]
    source = made(coder, f"{world.base}/sources", SOURCE)
    evidence = {"source_id": int(source.rpartition("/")[2]), "page": "4"}
    for part, body in (("elements", ELEMENT), ("evidence", evidence)):
        answer = coder.post(f"{address}/{part}", json=body, headers=ANYWAY)
        assert answer.status_code == 403, answer.text


def test_a_coder_takes_back_their_own_change_and_no_other(
    world: World, coder: Door, editor: Door
) -> None:
    def newest() -> int:
        items = coder.get(f"{world.base}/history?limit=500").json()["items"]
        number: int = items[-1]["id"]
        return number

    mine = made(coder, f"{world.base}/sources", SOURCE)
    undo = f"{world.base}/history/{newest()}/undo"
    assert coder.post(undo).status_code == 200
    assert coder.get(mine).status_code == 410
    made(editor, f"{world.base}/sources", SOURCE)
    refused = coder.post(f"{world.base}/history/{newest()}/undo")
    assert (refused.status_code, refused.json()["role_needed"]) == (403, "editor")


def test_who_is_an_editor_no_more_takes_back_no_change_of_what_others_made(
    world: World, owner: Door, editor: Door
) -> None:
    targets = things(world, "coder")
    for kind, (address, change) in targets.items():
        assert editor.patch(address, json=change, headers=ANYWAY).status_code == 200, kind
    changed = editor.get(f"{world.base}/history?limit=500").json()["items"][-len(targets) :]
    mine = made(editor, f"{world.base}/sources", SOURCE)
    demoted = owner.put(
        f"{world.base}/members/{world.users['editor'].id}", json={"role": "coder"}, headers=ANYWAY
    )
    assert demoted.status_code == 200
    for one in reversed(changed):
        refused = editor.post(f"{world.base}/history/{one['id']}/undo")
        assert (refused.status_code, refused.json()["role_needed"]) == (403, "editor")
    assert editor.delete(mine, headers=ANYWAY).status_code == 204
    wish = {"kind": "S", "number": int(mine.rpartition("/")[2])}
    assert editor.post(f"{world.base}/history/restore", json=wish).status_code == 200


def test_a_coder_takes_back_a_document_in_which_quotes_of_others_were_found(
    world: World, coder: Door, editor: Door
) -> None:
    targets = things(world, "editor")
    upload = coder.post(
        f"{targets['source'][0]}/documents?file_name=a.txt",
        content="Then they trusted each other.",
        headers={"Content-Type": "text/plain"},
    )
    assert upload.status_code == 201, upload.text
    assert coder.get(targets["quote"][0]).json()["verification"] == "exact"
    newest = coder.get(f"{world.base}/history?limit=500").json()["items"][-1]["id"]
    assert coder.post(f"{world.base}/history/{newest}/undo").status_code == 200
    assert coder.get(targets["quote"][0]).json()["verification"] == "no_document"


def test_a_coder_takes_back_no_change_of_the_codebook(
    world: World, coder: Door, editor: Door
) -> None:
    concept = made(editor, f"{world.base}/concepts", {"label": "trust"})
    assert editor.delete(concept, headers=ANYWAY).status_code == 204
    number = int(concept.rpartition("/")[2])
    wish = {"kind": "K", "number": number}
    assert coder.post(f"{world.base}/history/restore", json=wish).status_code == 403
    assert editor.post(f"{world.base}/history/restore", json=wish).status_code == 200
    assert editor.get(concept).json()["label"] == "trust"
