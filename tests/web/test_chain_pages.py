"""Chains in the browser: asking in words, settling what the program suggests, the figure."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy.orm import Session

from tests.conftest import World
from tests.web.test_matrix_pages import API, HOME, SELF, sign_in
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def coder(world: World, session: Session) -> Iterator[Browser]:
    """A coder of a review where risk follows from trust, and nobody said so yet."""
    owner = world.door("owner")
    owner.post(f"{world.base}/sources", json={"title": "One"})
    for label in ("Conflict", "Trust", "Risk"):
        owner.post(f"{world.base}/concepts", json={"label": label})
    for start, end in ((1, 2), (2, 3)):
        elements = [
            {"role": "context", "wording": "at first", "concept_id": start, "state": "low"},
            {"role": "outcome", "wording": "then", "concept_id": end, "state": "low"},
        ]
        evidence = [{"quote": {"source_id": 1, "exact": f"words {start} <b>"}}]
        body = {"elements": elements, "evidence": evidence}
        assert owner.post(f"{world.base}/configurations", json=body).status_code == 201
    browser = sign_in(world, session, "coder")
    yield browser
    browser.close()


def sent(browser: Browser, page: str, title: str, /, **typed: str) -> str:
    """Send the form of a page that has a title, as a browser would, and return where it leads."""
    found = next(
        f for f in re.findall(r"<form.*?</form>", page, re.DOTALL) if f'label="{title}"' in f
    )
    [action] = re.findall(r'action="([^"]+)"', found)
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found)
    data = {name: unescape(value) for name, value in fields} | typed
    answer = browser.post(action, data=data, headers=SELF)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_question_may_be_typed_in_words_with_a_state(coder: Browser) -> None:
    asked = coder.get(f"{HOME}/chains?from=conflict&from_state=low&to=&to_state=")
    assert asked.headers["location"] == f"{HOME}/chains?from=K1:low"
    page = coder.get(asked.headers["location"]).text
    assert 'value="Conflict · K1"' in page
    assert '<option value="low" selected>' in page
    dropped = coder.get(f"{HOME}/chains?from=Conflict · K1&from_state=any")
    assert dropped.headers["location"] == f"{HOME}/chains?from=K1"


def test_a_suggested_link_is_accepted_with_a_reason_and_a_quote(coder: Browser) -> None:
    here = f"{HOME}/chains?from=K1&to=K3&possible=true"
    page = coder.get(here).text
    assert "dotted" in page
    assert "C1 to C2" in page
    leads = sent(
        coder,
        page,
        "Accept C1 to C2",
        reason="what is low stays low",
        **{"evidence.0.quote_id": "1", "evidence.0.stance?": "refines"},
    )
    assert leads == here
    link = coder.get(f"{API}/links/1").json()
    assert (link["was_suggested"], link["reason"]) == (True, "what is low stays low")
    assert [(e["quote_id"], e["stance"]) for e in link["evidence"]] == [(1, "refines")]
    assert "suggestion accepted" in coder.get(f"{HOME}/chains?from=K1&to=K3").text


def test_a_suggested_link_is_refused_for_good_and_the_refusal_taken_back(coder: Browser) -> None:
    waiting = coder.get(f"{HOME}/chains").text
    assert "What might join up" in waiting
    sent(coder, waiting, "Refuse C1 to C2", reason="two kinds of trust")
    refused = coder.get(f"{HOME}/chains").text
    assert "What might join up" not in refused
    assert "two kinds of trust" in refused
    sent(coder, refused, "Take back the refusal of C1 to C2")
    assert "Accept C1 to C2" in coder.get(f"{HOME}/chains").text


def test_readers_see_suggestions_and_are_offered_nothing(
    world: World, session: Session, coder: Browser
) -> None:
    reader = sign_in(world, session, "reader")
    page = reader.get(f"{HOME}/chains").text
    reader.close()
    assert "suggested" in page
    assert "Accept" not in page


def test_of_many_suggestions_on_the_way_one_at_a_time_brings_its_forms(
    world: World, coder: Browser
) -> None:
    owner = world.door("owner")
    for start, end in ((1, 2), (2, 3)) * 3:
        elements = [
            {"role": "context", "wording": "at first", "concept_id": start, "state": "low"},
            {"role": "outcome", "wording": "then", "concept_id": end, "state": "low"},
        ]
        assert owner.post(f"{world.base}/configurations", json={"elements": elements}).is_success
    here = f"{HOME}/chains?from=K1&to=K3&possible=true"
    page = coder.get(here).text
    assert page.count('class="suggestion"') > 10
    assert "Accept C1 to C2" not in page
    [leads] = re.findall(r'href="(\S+)#suggested-\d+" [^>]*>[^<]*<[^>]*> C1 to C2<', page)
    opened = coder.get(f"{HOME}/chains{unescape(leads)}").text
    assert opened.count('aria-label="Accept ') == 1
    assert sent(coder, opened, "Refuse C1 to C2", reason="no") == here


def test_the_figure_can_be_arranged_and_taken_along(coder: Browser) -> None:
    page = coder.get(f"{HOME}/chains?from=K1&to=K3&possible=true").text
    assert 'data-box="C1"' in page
    assert f'<a href="{HOME}/concepts/2">' in page
    for form, start in (("png", b"\x89PNG"), ("pdf", b"%PDF"), ("svg", b"<svg")):
        file = coder.get(f"{API}/chains/file?from=K1&format={form}")
        assert file.content.startswith(start)
    assert b"data-box" not in coder.get(f"{API}/chains/file?from=K1&format=svg").content
