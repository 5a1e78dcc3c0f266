"""Whatever is sent, the answer is a problem document with a stable code, never a fault of ours."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.conftest import Door, World

JSON = {"Content-Type": "application/json"}
REVIEW = {"slug": "mergers", "title": "Mergers"}
HUGE = 10**30


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Check that an answer is the problem document it should be, and return it."""
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    ), answer.text
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code), body
    assert body["type"] == f"/docs/errors#{code}"
    assert body["title"]
    assert len(body["detail"]) > 10
    return body


def fields(body: dict[str, Any]) -> set[str]:
    return {error["field"] for error in body["errors"]}


def test_an_unknown_field_is_named(owner: Door) -> None:
    answer = owner.post("/api/v1/reviews", json=REVIEW | {"titel": "x"})
    body = problem(answer, 422, "invalid")
    assert fields(body) == {"body.titel"}
    assert "check its spelling" in body["detail"]
    assert owner.get("/api/v1/reviews/mergers").status_code == 404


def test_an_unknown_parameter_is_named(world: World, owner: Door) -> None:
    body = problem(owner.get(f"{world.base}/history?actor=1"), 422, "invalid")
    assert fields(body) == {"query.actor"}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": 5}, "body.title"),
    ({"title": None}, "body.title"),
    ({"title": ["x"]}, "body.title"),
    ({"title": ""}, "body.title"),
    ({"title": "x" * 1_000_000}, "body.title"),
    ({"title": "a\x00b"}, "body.title"),
    ({"question": "a\x00b"}, "body.question"),
    ({"description": "x" * 100_001}, "body.description"),
    ({"quote_word_limit": "many"}, "body.quote_word_limit"),
    ({"quote_word_limit": 0}, "body.quote_word_limit"),
    ({"quote_word_limit": -1}, "body.quote_word_limit"),
    ({"quote_word_limit": HUGE}, "body.quote_word_limit"),
    ({"quote_word_limit": 1.5}, "body.quote_word_limit"),
    ({"template": "CMOX"}, "body.template"),
    ({"slug": "Trust"}, "body.slug"),
    ({"slug": "trust and faith"}, "body.slug"),
    ({"slug": "../etc"}, "body.slug"),
    ({"slug": "trust-"}, "body.slug"),
    ({"slug": "x"}, "body.slug"),
    ({"slug": "\u0430bc"}, "body.slug"),
    ({"slug": "x" * 81}, "body.slug"),
]


@pytest.mark.parametrize(("change", "field"), WRONG, ids=lambda value: str(value)[:40])
def test_a_wrong_value_is_named(owner: Door, change: dict[str, Any], field: str) -> None:
    answer = owner.post("/api/v1/reviews", json=REVIEW | change)
    assert fields(problem(answer, 422, "invalid")) == {field}


def test_nul_is_refused_with_its_position(owner: Door) -> None:
    answer = owner.post("/api/v1/reviews", json=REVIEW | {"title": "abc\x00"})
    assert "position 3" in problem(answer, 422, "invalid")["detail"]


@pytest.mark.parametrize("field", ["title", "description"])
def test_a_lone_surrogate_is_refused(owner: Door, field: str) -> None:
    body = json.dumps(REVIEW | {field: "a\ud800b"})
    answer = owner.post("/api/v1/reviews", content=body, headers=JSON)
    assert fields(problem(answer, 422, "invalid")) == {f"body.{field}"}


def test_a_lone_surrogate_in_the_name_of_a_field_is_refused(owner: Door) -> None:
    body = json.dumps(REVIEW | {"\ud800": "x"})
    problem(owner.post("/api/v1/reviews", content=body, headers=JSON), 422, "invalid")


def test_a_body_that_is_not_utf_8_is_refused_at_its_byte(owner: Door) -> None:
    body = b'{"slug": "mergers", "title": "caf\xe9 society"}'
    answer = owner.post("/api/v1/reviews", content=body, headers=JSON)
    assert "not UTF-8 at byte 33" in problem(answer, 400, "bad_request")["detail"]


def test_characters_outside_the_basic_plane_are_kept(owner: Door) -> None:
    title = "trust \U0001f91d faith \u05d0\u0301 e\u0301"
    made = owner.post("/api/v1/reviews", json=REVIEW | {"title": title})
    assert made.json()["title"] == title
    assert owner.get("/api/v1/reviews/mergers").json()["title"] == title


@pytest.mark.parametrize(
    "body",
    [
        b'{"slug": "mergers", ',
        b"not json",
        b"\xef\xbb\xbf",
        b'{"slug": "mergers", "title": "\xff\xfe"}',
        b'{"title": "\xc3"}',
        b"[" * 100_000,
        b'{"quote_word_limit": ' + b"9" * 5_000 + b"}",
    ],
    ids=["cut", "words", "bom", "latin", "half", "deep", "digits"],
)
def test_what_is_not_json_is_refused(owner: Door, body: bytes) -> None:
    problem(owner.post("/api/v1/reviews", content=body, headers=JSON), 400, "bad_request")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"5", b"NaN", b"{}"])
def test_json_that_is_no_review_is_refused(owner: Door, body: bytes) -> None:
    answer = owner.post("/api/v1/reviews", content=body, headers=JSON)
    problem(answer, 422, "invalid")


def test_a_body_that_is_not_called_json_is_refused(owner: Door) -> None:
    body = json.dumps(REVIEW).encode()
    answer = owner.post("/api/v1/reviews", content=body, headers={"Content-Type": "text/plain"})
    problem(answer, 422, "invalid")
    form = owner.post("/api/v1/reviews", data={**REVIEW, "slug": "<no slug>"})
    problem(form, 422, "invalid")  # a form is a way to write the same body


@pytest.mark.parametrize("number", [0, -1, HUGE, "x", "1.5", "%00", "9" * 5_000])
def test_a_number_that_cannot_be_is_refused(world: World, owner: Door, number: object) -> None:
    problem(owner.get(f"{world.base}/history/{number}"), 422, "invalid")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        f"limit={HUGE}",
        "after=-1",
        f"after={HUGE}",
        "number=0",
        "actor_id=x",
        "channel=fax",
        "since=yesterday",
        "since=2026-01-01T00:00:00",
        "kind=%00",
        "count=perhaps",
        "kind=" + "C" * 100,
    ],
)
def test_a_parameter_that_cannot_be_is_refused(world: World, owner: Door, query: str) -> None:
    answer = owner.get(f"{world.base}/history?{query}")
    assert fields(problem(answer, 422, "invalid")) == {f"query.{query.partition('=')[0]}"}


@pytest.mark.parametrize(
    "slug", ["no-such", "Trust", "%ED%A0%80", "%FF", "'%20OR%201=1", "..%2f", "%F0%9F%A4%9D"]
)
def test_a_slug_that_cannot_be_is_no_review(owner: Door, slug: str) -> None:
    problem(owner.get(f"/api/v1/reviews/{slug}"), 404, "not_found")


def test_a_slug_no_store_can_hold_is_refused(owner: Door) -> None:
    for slug in ("x" * 81, "%00"):
        problem(owner.get(f"/api/v1/reviews/{slug}"), 422, "invalid")


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/api/v2/me", "/api/v1/me/a/b"])
def test_an_unknown_address_is_answered(owner: Door, path: str) -> None:
    problem(owner.get(path), 404, "not_found")


def test_an_unknown_method_is_answered(world: World, owner: Door) -> None:
    for method in ("PUT", "POST", "TRACE", "SPOIL"):
        problem(owner.request(method, world.base), 405, "method_not_allowed")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("", "DELETE, GET, HEAD, PATCH"),
        ("/sources", "GET, HEAD, POST"),
        ("/members/1", "DELETE, PUT"),
        ("/notation", "POST"),
    ],
)
def test_an_unknown_method_is_answered_with_all_that_the_address_takes(
    world: World, owner: Door, path: str, allowed: str
) -> None:
    answer = owner.request("TRACE", world.base + path)
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["allow"] == allowed
    assert allowed in answer.json()["detail"]


def test_head_is_answered_as_get_is_less_the_body(world: World, owner: Door) -> None:
    paths = ["", "/sources", "/sources/1", "/matrix", "/evidence-table", "/notation"]
    pages = ["/", "/docs", "/sign-in", "/openapi.json", "/healthz", "/reviews/trust-and-faith"]
    for path in [*(world.base + path for path in paths), *pages]:
        got, asked = owner.get(path), owner.head(path)
        assert (asked.status_code, asked.content) == (got.status_code, b""), path
        same = ("content-type", "content-length", "etag", "allow")
        assert [asked.headers.get(n) for n in same] == [got.headers.get(n) for n in same], path


LIMIT = 4_000_000


def test_a_body_over_the_limit_is_refused_by_its_announced_length(owner: Door) -> None:
    answer = owner.post("/api/v1/reviews", content=b"x" * (LIMIT + 1), headers=JSON)
    assert "4,000,000 bytes" in problem(answer, 413, "too_large")["detail"]


def test_a_body_over_the_limit_is_refused_while_it_streams(owner: Door) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(LIMIT // 100_000 + 1):
            yield b"x" * 100_000

    problem(owner.post("/api/v1/reviews", content=chunks(), headers=JSON), 413, "too_large")


def test_a_wrong_announced_length_does_no_harm(owner: Door) -> None:
    body = json.dumps(REVIEW).encode()
    for length in ("-1", "x", "1e9"):
        headers = JSON | {"Content-Length": length}
        answer = owner.post("/api/v1/reviews", content=body, headers=headers)
        assert answer.status_code < 500


@pytest.mark.parametrize(
    "body",
    [
        {"email": "no address", "role": "reader"},
        {"email": "a@b", "role": "king"},
        {"email": "a\x00@b.org", "role": "reader"},
        {"email": "a@" + "b" * 300, "role": "reader"},
        {"role": "reader"},
    ],
    ids=str,
)
def test_a_member_that_cannot_be_is_refused(world: World, owner: Door, body: Any) -> None:
    problem(owner.post(f"{world.base}/members", json=body), 422, "invalid")


def test_a_member_nobody_knows_is_refused(world: World, owner: Door) -> None:
    wish = {"email": "nobody@example.org", "role": "reader"}
    problem(owner.post(f"{world.base}/members", json=wish), 404, "not_found")
    problem(owner.put(f"{world.base}/members/99999", json={"role": "reader"}), 404, "not_found")
    problem(owner.delete(f"{world.base}/members/99999"), 404, "not_found")


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x", "days": 0},
        {"name": "x", "days": HUGE},
        {"name": "x", "scope": "all"},
        {"name": "x", "review": "A B"},
        {"name": "x", "secret": "mine"},
    ],
    ids=str,
)
def test_a_token_that_cannot_be_is_refused(owner: Door, body: Any) -> None:
    problem(owner.post("/api/v1/tokens", json=body), 422, "invalid")


@pytest.mark.parametrize("password", ["brief", "x" * 1_001])
def test_a_refused_password_is_not_sent_back(owner: Door, password: str) -> None:
    wish = {"email": "new@example.org", "name": "New", "password": password}
    answer = owner.post("/api/v1/users", json=wish)
    problem(answer, 422, "invalid")
    assert password not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "", "number": 1},
        {"kind": "C", "number": 0},
        {"kind": "C", "number": HUGE},
        {"kind": "C\x00", "number": 1},
        {"kind": "C"},
    ],
    ids=str,
)
def test_a_restore_of_what_cannot_be_is_refused(world: World, owner: Door, body: Any) -> None:
    problem(owner.post(f"{world.base}/history/restore", json=body), 422, "invalid")


@pytest.mark.parametrize("query", ["reason=%00", "inference=intuition"])
def test_a_reason_that_cannot_be_kept_is_refused(world: World, owner: Door, query: str) -> None:
    anyway = {"If-Match": "*"}
    answer = owner.patch(f"{world.base}?{query}", json={"title": "x"}, headers=anyway)
    problem(answer, 422, "invalid")


@pytest.mark.parametrize("version", ['"0"', "x", '""', "W/", '"1', ",", "\xff"])
def test_an_old_or_odd_version_is_refused(world: World, owner: Door, version: str) -> None:
    headers = {"If-Match": version.encode("latin-1")}
    answer = owner.patch(world.base, json={"title": "x"}, headers=headers)  # type: ignore[arg-type]
    body = problem(answer, 412, "stale_version")
    assert answer.headers["etag"] == f'"{body["current_version"]}"'


def test_null_empties_what_may_be_empty_and_nothing_else(world: World, owner: Door) -> None:
    anyway = {"If-Match": "*"}
    emptied = owner.patch(world.base, json={"question": None}, headers=anyway)
    assert emptied.status_code == 200
    for name in ("title", "template", "quote_word_limit"):
        answer = owner.patch(world.base, json={name: None}, headers=anyway)
        assert fields(problem(answer, 422, "invalid")) == {f"body.{name}"}


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_an_odd_idempotency_key_is_refused(owner: Door, key: str) -> None:
    answer = owner.post("/api/v1/reviews", json=REVIEW, headers={"Idempotency-Key": key})
    problem(answer, 422, "invalid")


def test_a_key_of_a_refused_request_can_be_used_again(owner: Door) -> None:
    headers = {"Idempotency-Key": "k"}
    problem(owner.post("/api/v1/reviews", json={}, headers=headers), 422, "invalid")
    assert owner.post("/api/v1/reviews", json=REVIEW, headers=headers).status_code == 201


def test_a_key_belongs_to_the_person_who_sent_it(owner: Door, coder: Door) -> None:
    headers = {"Idempotency-Key": "k"}
    assert owner.post("/api/v1/reviews", json=REVIEW, headers=headers).status_code == 201
    answer = coder.post("/api/v1/reviews", json=REVIEW, headers=headers)
    problem(answer, 409, "already_taken")


def test_a_browser_gets_a_page_and_a_program_a_document(owner: Door) -> None:
    page = owner.get("/nothing<b>", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<b>" not in page.text
    problem(owner.get("/api/v1/nothing", headers={"Accept": "text/html"}), 404, "not_found")


@pytest.mark.parametrize("query", ["text=%ff", "text=a%ED%A0%80"])
def test_an_address_that_is_not_utf_8_is_refused(owner: Door, query: str) -> None:
    answer = owner.get(f"/api/v1/reviews/trust-and-faith/configurations?{query}")
    assert "not UTF-8" in problem(answer, 400, "bad_request")["detail"]


@pytest.mark.parametrize("body", [{"source_id": True, "exact": "a"}, {"title": "a", "year": True}])
def test_true_is_no_number(owner: Door, body: dict[str, Any]) -> None:
    kind = "quotes" if "exact" in body else "sources"
    answer = owner.post(f"/api/v1/reviews/trust-and-faith/{kind}", json=body)
    assert "not true or false" in problem(answer, 422, "invalid")["detail"]


def test_every_answer_has_an_id_and_the_headers_that_protect(owner: Door) -> None:
    for path in ("/healthz", "/nothing", "/api/v1/me"):
        headers = owner.get(path).headers
        assert len(headers["x-request-id"]) == 16
        assert "default-src 'self'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_only_the_worker_that_reads_pdfs_may_compile(owner: Door) -> None:
    folder = "/static/vendor/pdfjs"
    for path, may in (("pdf.worker.min.mjs", True), ("pdf.min.mjs", False), ("", False)):
        policy = owner.get(f"{folder}/{path}").headers["content-security-policy"]
        assert ("'wasm-unsafe-eval'" in policy) is may, path
        assert "default-src 'self'" in policy
        assert "'unsafe-eval'" not in policy


def test_an_origin_that_is_no_address_is_another_site(world: World) -> None:
    answer = world.door("anonymous").post("/sign-out", headers={"Origin": "http://[::1"})
    assert (answer.status_code, answer.json()["code"]) == (403, "cross_origin")


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("sources", {"title": "  "}, "title"),
        ("concepts", {"label": "\t"}, "label"),
        ("memos", {"kind": "theory", "text": "\n"}, "text"),
        ("theories", {"title": " ", "stage": "initial"}, "title"),
        (
            "theories",
            {"title": "T", "stage": "initial", "propositions": [{"statement": "\u00a0"}]},
            "propositions.0.statement",
        ),
        (
            "configurations",
            {"elements": [{"role": "context", "wording": " "}]},
            "elements.0.wording",
        ),
        ("recommendations", {"text": " "}, "text"),
        ("concepts", {"label": "a", "definitions": [{"text": " "}]}, "definitions.0.text"),
    ],
)
def test_blank_text_is_refused_where_words_are_required(
    world: World, path: str, body: dict[str, Any], field: str
) -> None:
    owner = world.door("owner")
    answer = owner.post(f"{world.base}/{path}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    [error] = answer.json()["errors"]
    assert error["field"] == f"body.{field}"
    assert "nothing but white space; give the words" in error["message"]
    assert owner.get(f"{world.base}/{path}").json()["items"] == []


def test_blank_text_stored_before_stays_readable(world: World, session: Session) -> None:
    owner = world.door("owner")
    for path, body in (
        ("sources", {"title": "t"}),
        ("concepts", {"label": "l"}),
        ("memos", {"kind": "theory", "text": "m"}),
        ("configurations", {"elements": [{"role": "context", "wording": "w"}]}),
    ):
        assert owner.post(f"{world.base}/{path}", json=body).status_code == 201
    for table, column in (
        ("source", "title"),
        ("concept", "label"),
        ("memo", "text"),
        ("element", "wording"),
    ):
        session.execute(text(f"UPDATE {table} SET {column} = ' '"))
    session.commit()
    for path in ("sources", "concepts", "memos", "configurations"):
        assert owner.get(f"{world.base}/{path}/1").status_code == 200
        assert owner.get(f"{world.base}/{path}").status_code == 200
