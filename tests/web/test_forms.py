"""Operations of the API as plain HTML forms."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.access.service import open_sign_in
from app.web.forms import body_of, fields_of_json, filled
from tests.conftest import World
from tests.web.test_sign_in_pages import Browser

API = "/api/v1/reviews/trust-and-faith"
HOME = "/reviews/trust-and-faith"
SELF = {"sec-fetch-site": "same-origin", "accept": "text/html"}


def body(fields: list[tuple[str, str]], *, keep_empty: bool = False) -> Any:
    return body_of(filled(fields), keep_empty=keep_empty)


@pytest.fixture
def browser(world: World, session: Session) -> Iterator[Browser]:
    secret = open_sign_in(session, world.users["editor"], lifetime=timedelta(hours=1))
    session.commit()
    with_cookies = Browser(world.app)
    with_cookies.cookies.set(COOKIE, secret)
    yield with_cookies
    with_cookies.close()


def test_names_of_fields_nest() -> None:
    fields = [
        ("title", "Small promises\r\nkept"),
        ("elements.10.wording", "trust grows"),
        ("elements.10.role?", "outcome"),
        ("elements.2.wording", ""),
        ("elements.2.role?", "context"),
        ("concepts[]", "1"),
        ("concepts[]", "2"),
        ("aliases[]", ""),
        ("fields.size#", "12.5"),
        ("fields.note#", "NaN"),
        ("is_parked", "false"),
        ("is_parked", "true"),
        ("choices[/]", "RCT\r\n\r\ncohort study\r\n"),
    ]
    assert body(fields) == {
        "choices": ["RCT", "cohort study"],
        "title": "Small promises\nkept",
        "elements": [{"wording": "trust grows", "role": "outcome"}],
        "concepts": ["1", "2"],
        "aliases": [],
        "fields": {"size": 12.5, "note": "NaN"},
        "is_parked": "true",
    }


def test_a_part_of_which_nothing_is_filled_in_is_left_out() -> None:
    fields = [("label", "faith"), ("definition.text", ""), ("definition.source_id@?", "S1")]
    assert body(fields) == {"label": "faith"}
    members = [("members.1.member_id", "2"), ("members.9.member_id@", "")]
    assert body(members, keep_empty=True) == {"members": [{"member_id": "2"}]}


def test_an_emptied_field_is_null_where_something_is_changed() -> None:
    assert body([("title", "")], keep_empty=True) == {"title": None}
    assert body([("title", "")]) == {}


def test_what_is_left_empty_of_a_list_is_no_item_of_it() -> None:
    names = [("authors.0.family", "Smith"), ("authors.0.given", ""), ("authors.1.family", "")]
    assert body(names, keep_empty=True) == {"authors": [{"family": "Smith", "given": None}]}


def test_keys_with_dots_and_digits_are_percent_encoded() -> None:
    fields = [("answers.%31%2E%31.answer!", "yes"), ("answers.%31.answer!", "")]
    assert body(fields, keep_empty=True)["answers"] == {"1.1": {"answer": "yes"}}
    assert body([("answers.%31.answer!", "no")]) == {"answers": {"1": {"answer": "no"}}}


def test_rows_go_by_their_place_and_one_without_is_left_out() -> None:
    rows = [
        *(("items.0.^", "3"), ("items.0.text", "first")),
        *(("items.1.^", "1,5"), ("items.1.text", "second")),
        *(("items.2.^", " "), ("items.2.text", "third")),
        *(("items.3.^", "1"), ("items.3.text", "fourth")),
        *(("items.4.^?", "5"), ("items.4.text", "")),
        *(("items.5.^", "nowhere"), ("items.5.text", "sixth")),
    ]
    found = body(rows)
    assert [item["text"] for item in found["items"]] == ["fourth", "second", "first", "sixth"]
    assert body([("items.0.^", ""), ("items.0.text", "x")]) == {"items": []}


@pytest.mark.parametrize(
    "value",
    [
        {"volume": "10", "issued": {"date-parts": [[2021, 3]]}, "custom": {"ris": [["N1", "x"]]}},
        {"1": "a"},
        {"1": "a", "1.1": {"b.c": True}, "a[]": "x", "b#": 2.5, "c?": "!", "ü%20": "5"},
    ],
)
def test_json_goes_through_a_form_and_comes_back(value: Any) -> None:
    fields = fields_of_json(value, "csl")
    assert fields
    assert body(fields) == body(fields, keep_empty=True) == {"csl": value}


def test_json_that_would_come_back_otherwise_goes_through_no_form() -> None:
    assert fields_of_json({"a": {"b": {}}}, "csl") is None
    assert fields_of_json({"a": ""}, "csl") is None


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("C17 Small promises", "17"),
        (" K5 trust · between partners", "5"),
        ("17", "17"),
        ("small promises", "small promises"),
        ("T1.3", "T1.3"),
        ("C0", "C0"),
    ],
)
def test_what_is_cited_gives_its_number(typed: str, number: str) -> None:
    assert body([("into_id@", typed)]) == {"into_id": number}


def test_what_is_cited_can_stand_in_the_address(world: World, browser: Browser) -> None:
    editor = world.door("editor")
    editor.post(f"{API}/sources", json={"title": "One"})
    editor.post(f"{API}/concepts", json={"label": "trust"})
    editor.post(f"{API}/quotes", json={"source_id": 1, "exact": "they trusted"})
    form = {"_path.concept_id": "K1 trust", "_method": "PUT", "_version": "1", "_next": HOME}
    answer = browser.post(f"{API}/quotes/1/concepts/{{concept_id}}", data=form, headers=SELF)
    assert answer.status_code == 303
    assert editor.get(f"{API}/quotes/1").json()["concepts"] == [1]
    form |= {"_path.concept_id": "trust/../1"}
    answer = browser.post(f"{API}/quotes/1/concepts/{{concept_id}}", data=form, headers=SELF)
    assert answer.status_code == 422


def test_a_row_left_empty_is_no_row() -> None:
    row = [("wording", ""), ("concept", ""), ("state?", "high"), ("n?", "4")]
    fields = [(f"elements.4.{name}", value) for name, value in row]
    assert body([("title", "T"), *fields], keep_empty=True) == {"title": "T"}
    kept = {"wording": "w", "concept": None, "state": "high", "n": "4"}
    filled_in = [(fields[0][0], "w"), *fields[1:]]
    assert body(filled_in, keep_empty=True) == {"elements": [kept]}


@pytest.mark.parametrize(
    "name", ["a" + ".a" * 3000, "a..b", ".", "[]", "a[].b", "0", "a.0", "#", "?"]
)
def test_odd_names_do_no_harm(name: str) -> None:
    body([(name, "1"), ("a", "2"), ("a[]", "3"), ("a.b", "4")])


@pytest.mark.parametrize("typed", ["2", "Q2", "q2", "Q2 words of it", " Q2 "])
def test_what_is_named_by_number_is_named_as_it_is_cited(typed: str) -> None:
    assert body([("evidence.0.quote_id", typed)]) == {"evidence": [{"quote_id": "2"}]}


def test_the_number_of_something_else_is_not_taken_for_it() -> None:
    assert body([("quote_id", "C2")]) == {"quote_id": "C2"}


def test_a_form_adds_and_leads_on_to_what_it_added(world: World, browser: Browser) -> None:
    form = {
        "label": "Trust",
        "aliases[]": "confianza",
        "_next": f"{HOME}/concepts/{{id}}",
        "_done": "K{id} {label} is in the codebook.",
    }
    answer = browser.post(f"{API}/concepts", data=form, headers=SELF)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/concepts/1")
    assert "retroduce_said=K1%20Trust%20is%20in%20the%20codebook." in answer.headers["set-cookie"]
    assert browser.get(f"{API}/concepts/1").json()["aliases"] == ["confianza"]


def test_a_form_changes_what_was_read_and_nothing_newer(world: World, browser: Browser) -> None:
    browser.post(f"{API}/concepts", data={"label": "Trust", "referent": "partners"}, headers=SELF)
    change = {"_method": "PATCH", "_version": "1", "referent": "", "_next": f"{HOME}/concepts"}
    change["_query.reason"] = "of no use"
    assert browser.post(f"{API}/concepts/1", data=change, headers=SELF).status_code == 303
    assert browser.get(f"{API}/concepts/1").json()["referent"] is None
    assert browser.get(f"{API}/history").json()["items"][-1]["reason"] == "of no use"
    stale = browser.post(f"{API}/concepts/1", data=change, headers=SELF)
    assert stale.status_code == 412
    assert "It was changed meanwhile" in stale.text
    assert "text/html" in stale.headers["content-type"]


def test_a_refused_form_is_a_page_for_people_and_a_problem_for_scripts(browser: Browser) -> None:
    page = browser.post(f"{API}/concepts", data={"colour": "red"}, headers=SELF)
    assert page.status_code == 422
    assert "what you wrote is still in the form" in page.text
    scripted = browser.post(
        f"{API}/concepts", data={"colour": "red"}, headers={**SELF, "hx-request": "true"}
    )
    assert scripted.json()["code"] == "invalid"
    assert "body.label" in {error["field"] for error in scripted.json()["errors"]}


def test_a_refused_form_says_once_and_in_words_what_to_mend(browser: Browser) -> None:
    form = {"elements.0.wording": "w", "elements.0.role": "context", "evidence.0.quote_id": "999"}
    came_from = {"referer": f"http://testserver{HOME}/configurations/new?template=CMO"}
    page = browser.post(f"{API}/configurations", data=form, headers=SELF | came_from).text
    assert page.count("there is no Q999") == 1
    assert "<strong>Evidence 1: quote</strong>: " in page
    assert "quote_id" not in page
    assert f'href="{HOME}/configurations/new?template=CMO"' in page
    elsewhere = {"referer": "//evil.example/a"}
    text = browser.post(f"{API}/links", data={"from_id@": "x"}, headers=SELF | elsewhere).text
    assert "<strong>From</strong>: not a whole number" in text
    assert "evil.example" not in text


def test_a_form_sent_twice_adds_once(browser: Browser) -> None:
    form = {"label": "Trust", "_key": "k1", "_next": f"{HOME}/concepts/{{id}}"}
    places = [
        browser.post(f"{API}/concepts", data=form, headers=SELF).headers["location"]
        for _ in range(2)
    ]
    assert places == [f"{HOME}/concepts/1"] * 2


def test_a_file_is_sent_as_the_body(browser: Browser) -> None:
    browser.post(f"{API}/sources", data={"title": "A"}, headers=SELF)
    answer = browser.post(
        f"{API}/sources/1/documents",
        data={"_file_name": "file_name", "_next": f"{HOME}/documents/{{id}}"},
        files={"_file": ("paper.md", b"Words.\r\nMore.", "application/octet-stream")},
        headers=SELF,
    )
    assert answer.headers.get("location") == f"{HOME}/documents/1", answer.text
    document = browser.get(f"{API}/documents/1").json()
    assert (document["file_name"], document["media_type"]) == ("paper.md", "text/markdown")


def test_a_form_of_another_site_is_refused(browser: Browser) -> None:
    foreign = {**SELF, "sec-fetch-site": "cross-site"}
    for more in ({}, {"_method": "DELETE"}):
        answer = browser.post(f"{API}/concepts", data={"label": "T", **more}, headers=foreign)
        assert answer.status_code in {403, 405}


@pytest.mark.parametrize("away", ["https://evil.example", "//evil.example", "/\\evil.example"])
def test_a_form_leads_to_no_other_site(browser: Browser, away: str) -> None:
    answer = browser.post(f"{API}/concepts", data={"label": "T", "_next": away}, headers=SELF)
    assert answer.headers["location"] == "/"
