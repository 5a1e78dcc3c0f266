"""Memos through the API: on anything that is there, outliving it."""

from typing import Any

import pytest

from tests.conftest import Door, World

NOTE = {"kind": "theory", "text": "Trust may come later."}


def add(door: Door, world: World, **fields: Any) -> Any:
    return door.post(f"{world.base}/memos", json=NOTE | fields)


def test_a_memo_is_written_found_changed_and_deleted(world: World, coder: Door) -> None:
    made = add(coder, world)
    assert (made.status_code, made.headers["etag"]) == (201, '"1"')
    url = f"{world.base}/memos/1"
    assert coder.get(url).json() == made.json()
    body = {"kind": "situate", "text": "Größe zählt"}
    assert coder.patch(url, json=body).status_code == 428
    changed = coder.patch(url, json=body, headers={"If-Match": '"1"'})
    assert changed.json() == made.json() | body | {"version": 2}
    for text, count in (("GRÖSSE", 1), ("later", 0)):
        listed = coder.get(f"{world.base}/memos", params={"text": text}).json()["items"]
        assert len(listed) == count
    assert coder.delete(url, headers={"If-Match": '"1"'}).status_code == 412
    assert coder.delete(url, headers={"If-Match": changed.headers["etag"]}).status_code == 204
    assert coder.get(url).status_code == 410


def test_a_memo_outlives_its_subject(world: World, coder: Door) -> None:
    coder.post(f"{world.base}/sources", json={"title": "t"})
    about: dict[str, Any] = {"subject_kind": "S", "subject_id": 1}
    assert add(coder, world, **about).status_code == 201
    add(coder, world)
    assert coder.delete(f"{world.base}/sources/1", headers={"If-Match": "*"}).status_code == 204
    listed = coder.get(f"{world.base}/memos", params=about).json()["items"]
    assert [memo["id"] for memo in listed] == [1]
    assert add(coder, world, **about).status_code == 422


def add_parts(door: Door, world: World) -> None:
    """Store C1 with two elements and a piece of evidence, C2, L1 with one, and T1.1 and T1.2."""
    door.post(f"{world.base}/sources", json={"title": "t"})
    piece = {"source_id": 1, "paraphrase": "said"}
    slots = [{"role": "context", "wording": "rivals"}, {"role": "outcome", "wording": "trust"}]
    body = {"elements": slots, "evidence": [piece]}
    door.post(f"{world.base}/configurations", json=body)
    door.post(f"{world.base}/configurations", json={})
    link = {"kind": "feeds", "from_id": 1, "to_id": 2, "evidence": [piece]}
    door.post(f"{world.base}/links", json=link)
    said = [{"statement": "Trust first."}, {"statement": "Then risk."}]
    door.post(
        f"{world.base}/theories", json={"title": "T", "stage": "initial", "propositions": said}
    )


@pytest.mark.parametrize(
    ("kind", "part", "n"),
    [("T", "proposition", 2), ("C", "element", 2), ("C", "evidence", 1), ("L", "evidence", 1)],
)
def test_a_memo_is_on_a_part_of_a_thing(world: World, kind: str, part: str, n: int) -> None:
    editor = world.door("editor")
    add_parts(editor, world)
    about: dict[str, Any] = {"subject_kind": kind, "subject_id": 1}
    about |= {"subject_part": part, "subject_n": n}
    made = add(editor, world, **about)
    assert made.status_code == 201
    assert {name: made.json()[name] for name in about} == about
    add(editor, world, subject_kind=kind, subject_id=1)
    listed = editor.get(f"{world.base}/memos", params=about).json()["items"]
    assert [memo["id"] for memo in listed] == [1]
    absent = add(editor, world, **about | {"subject_n": 9})
    assert absent.status_code == 422
    assert absent.json()["errors"] == [
        {"field": "subject_n", "message": f"there is no {part} 9 in {kind}1"}
    ]


def test_a_number_within_a_theory_is_that_of_a_proposition(world: World) -> None:
    editor = world.door("editor")
    add_parts(editor, world)
    made = add(editor, world, subject_kind="T", subject_id=1, subject_n=2)
    assert (made.status_code, made.json()["subject_part"]) == (201, "proposition")


def test_the_check_names_a_memo_whose_part_is_gone(world: World) -> None:
    editor = world.door("editor")
    add_parts(editor, world)
    for n in (1, 2):
        add(editor, world, subject_kind="C", subject_id=1, subject_part="element", subject_n=n)
    gone = editor.delete(f"{world.base}/configurations/1/elements/2", headers={"If-Match": "*"})
    assert gone.is_success
    found = editor.get(f"{world.base}/check", params={"check": "memo_subject_gone"}).json()
    assert [(one["thing"], one["detail"]) for one in found["items"]] == [
        ("M2", "is about element 2 of C1, which is gone")
    ]


@pytest.mark.parametrize("kind", [*"SDQKCLTRMWVFY"])
def test_a_subject_that_is_not_there_is_refused(world: World, coder: Door, kind: str) -> None:
    answer = add(coder, world, subject_kind=kind, subject_id=5)
    assert (answer.status_code, answer.json()["errors"]) == (
        422,
        [{"field": "subject_id", "message": f"there is no {kind}5 in this review"}],
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"subject_kind": "S"},
        {"subject_id": 1},
        {"subject_kind": "X", "subject_id": 1},
        {"subject_kind": "S", "subject_id": 10**12},
        {"subject_n": 1},
        {"subject_kind": "C", "subject_id": 1, "subject_n": 1},
        {"subject_kind": "C", "subject_id": 1, "subject_part": "element"},
        {"subject_kind": "C", "subject_id": 1, "subject_part": "proposition", "subject_n": 1},
        {"subject_kind": "S", "subject_id": 1, "subject_part": "evidence", "subject_n": 1},
        {"subject_kind": "T", "subject_id": 1, "subject_part": "paragraph", "subject_n": 1},
        {"text": ""},
        {"text": "\x00"},
        {"text": "x" * 1_000_000},
        {"kind": "gossip"},
        {"mood": "good"},
    ],
)
def test_bad_fields_are_refused(world: World, coder: Door, fields: dict[str, Any]) -> None:
    answer = add(coder, world, **fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert coder.get(f"{world.base}/memos").json()["items"] == []


def test_readers_read_and_coders_change_their_own(world: World, coder: Door, reader: Door) -> None:
    add(world.door("editor"), world)
    assert reader.get(f"{world.base}/memos/1").status_code == 200
    assert add(reader, world).status_code == 403
    body, headers = {"text": "x"}, {"If-Match": "*"}
    assert coder.patch(f"{world.base}/memos/1", json=body, headers=headers).status_code == 403
