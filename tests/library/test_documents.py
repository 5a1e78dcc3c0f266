"""Documents through the API: bytes and text kept, stretches read, bad files refused."""

import hashlib
from typing import Any

import pytest
from httpx2 import Response

from app.config import Settings
from tests.conftest import Door, World

TEXT = "Page one.\fPage two 😀\f"


def upload(
    door: Door, world: World, content: bytes, media: str = "text/plain", **params: Any
) -> Response:
    assert door.post(f"{world.base}/sources", json={"title": "On trust"}).status_code == 201
    answer: Response = door.post(
        f"{world.base}/sources/1/documents",
        content=content,
        params={"file_name": "trust.txt"} | params,
        headers={"Content-Type": media},
    )
    return answer


def test_bytes_are_kept_and_the_text_is_canonical(
    world: World, coder: Door, settings: Settings
) -> None:
    content = "\ufeffOne\r\ntwo\rthree 😀\n".encode()
    made = upload(coder, world, content, "text/markdown; charset=UTF-8", file_name="Bericht ä.md")
    assert made.status_code == 201, made.text
    body = made.json()
    sha256 = hashlib.sha256(content).hexdigest()
    assert (body["sha256"], body["byte_size"]) == (sha256, len(content))
    kept = settings.files_dir / sha256[:2] / sha256[2:4] / sha256
    assert kept.read_bytes() == content
    text = coder.get(f"{world.base}/documents/1/text").json()
    assert (text["text"], text["length"]) == ("One\ntwo\nthree 😀\n", 16)
    file = coder.get(f"{world.base}/documents/1/file")
    assert file.content == content
    assert file.headers["content-disposition"].startswith("attachment; filename*=utf-8''Bericht")
    assert file.headers["content-type"] == "text/markdown"
    assert file.headers["x-content-type-options"] == "nosniff"
    listed = coder.get(f"{world.base}/sources/1/documents").json()["items"]
    assert listed == [body] == [coder.get(f"{world.base}/documents/1").json()]


def test_stretches_count_code_points(world: World, coder: Door) -> None:
    upload(coder, world, "a😀b\nc".encode())
    url = f"{world.base}/documents/1/text"
    for start, end, text in ((1, 3, "😀b"), (2, 99, "b\nc"), (99, 100, ""), (2, 2, "")):
        assert coder.get(url, params={"start": start, "end": end}).json()["text"] == text
    assert coder.get(url, params={"start": 3, "end": 2}).status_code == 422
    assert coder.get(url, params={"start": -1}).status_code == 422
    assert coder.get(url, params={"start": 10**30}).status_code == 422


@pytest.mark.parametrize(("given", "breaks"), [({}, [10]), ({"page_breaks": "3, 12"}, [3, 12])])
def test_pages_start_after_form_feeds_unless_given(
    world: World, coder: Door, given: dict[str, str], breaks: list[int]
) -> None:
    made = upload(coder, world, TEXT.encode(), **given)
    assert made.json()["page_breaks"] == breaks


@pytest.mark.parametrize("breaks", ["", "5,5", "9,3", "0", "21", "x", "-1", "1,,2", "9" * 5000])
def test_page_breaks_out_of_order_or_place_are_refused(
    world: World, coder: Door, breaks: str
) -> None:
    answer = upload(coder, world, TEXT.encode(), page_breaks=breaks)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert "page_breaks" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("encoding", "called"),
    [
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
    ],
)
def test_a_text_in_another_encoding_is_read_and_says_so(
    world: World, coder: Door, encoding: str, called: str
) -> None:
    made = upload(coder, world, "“Café” – trust grows\r\nslowly".encode(encoding)).json()
    assert made["notes"] == [f"read as {called}; if letters are wrong, save the file as UTF-8"]
    text = coder.get(f"{world.base}/documents/1/text").json()["text"]
    assert text == "“Café” – trust grows\nslowly"
    file = coder.get(f"{world.base}/documents/1/file")
    assert file.content.decode(encoding).startswith("“Café”")
    assert file.headers["content-type"] == "text/plain"


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (b"ab\x81", "bad_encoding", {"byte": 2}),
        ("ää ää".encode() + b"\xff", "bad_encoding", {"byte": 9}),
        (b'<?xml encoding="punycode"?>-!!', "bad_encoding", {"byte": 0}),
        (b"\xef\xbb\xbfab\xc3", "bad_encoding", {"byte": 5}),
        (b"\xed\xa0\x80", "bad_encoding", {"byte": 0}),
        ("ä\r\n\x00".encode(), "invalid", {"position": 2}),
        (b"", "invalid", {}),
        (b" \n\xef\xbb\xbf".strip(), "invalid", {}),
    ],
)
def test_bad_files_are_refused_with_the_place(
    world: World, coder: Door, settings: Settings, content: bytes, code: str, place: dict[str, int]
) -> None:
    answer = upload(coder, world, content)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json() | place == answer.json()
    assert not settings.files_dir.exists()
    assert coder.get(f"{world.base}/sources/1/documents").json()["items"] == []


def test_other_kinds_of_file_and_of_encoding_are_refused(world: World, coder: Door) -> None:
    for media in ("image/png", "text/plain; charset=latin-1", "application/json", ""):
        assert upload(coder, world, b"text", media).status_code == 415
    assert upload(coder, world, b"x" * 4_000_001).status_code == 413
    missing = coder.post(
        f"{world.base}/sources/1/documents", content=b"x", headers={"Content-Type": "text/plain"}
    )
    assert missing.status_code == 422


def test_the_same_file_again_names_the_document(world: World, coder: Door) -> None:
    upload(coder, world, b"the text")
    again = upload(coder, world, b"the text")
    assert (again.status_code, again.json()["code"]) == (409, "already_taken")
    assert "D1" in again.json()["detail"]


def test_a_document_in_use_stays_and_an_unused_one_comes_back(
    world: World, coder: Door, editor: Door
) -> None:
    upload(coder, world, b"they trust each other")
    quote = {"source_id": 1, "exact": "trust each"}
    coder.post(f"{world.base}/quotes", json=quote)
    url = f"{world.base}/documents/1"
    refused = coder.delete(url)
    assert (refused.status_code, refused.json()["used_by"]) == (409, ["Q1"])
    coder.delete(f"{world.base}/quotes/1", headers={"If-Match": "*"})
    assert coder.delete(url).status_code == 204
    assert coder.get(url).status_code == 410
    editor.post(f"{world.base}/history/restore", json={"kind": "D", "number": 1})
    assert coder.get(f"{url}/text").json()["text"] == "they trust each other"
    assert coder.get(f"{url}/file").content == b"they trust each other"


def test_a_missing_file_is_told_and_the_text_stays(
    world: World, coder: Door, settings: Settings
) -> None:
    sha256 = upload(coder, world, b"words").json()["sha256"]
    (settings.files_dir / sha256[:2] / sha256[2:4] / sha256).unlink()
    assert coder.get(f"{world.base}/documents/1/file").status_code == 404
    assert coder.get(f"{world.base}/documents/1/text").status_code == 200
