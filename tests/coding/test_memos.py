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
