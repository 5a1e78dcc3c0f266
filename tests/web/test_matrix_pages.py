"""The matrix in the browser: asking in words, opening cells, keeping views, taking files along."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.access.service import open_sign_in
from tests.conftest import World
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only

HOME = "/reviews/trust-and-faith"
API = f"/api/v1{HOME}"
SELF = {"sec-fetch-site": "same-origin", "accept": "text/html"}


def sign_in(world: World, session: Session, who: str) -> Browser:
    secret = open_sign_in(session, world.users[who], lifetime=timedelta(hours=1))
    session.commit()
    browser = Browser(world.app)
    browser.cookies.set(COOKIE, secret)
    return browser


@pytest.fixture
def coder(world: World, session: Session) -> Iterator[Browser]:
    """A coder of a review in which duty, a part of reasoning, makes trust grow and shrink."""
    owner = world.door("owner")
    owner.post(f"{world.base}/sources", json={"title": "One", "kind": "review"})
    for body in (
        {"label": "Reasoning"},
        {"label": "Duty", "parent_id": 1},
        {"label": "Contract"},
        {"label": "Trust"},
    ):
        owner.post(f"{world.base}/concepts", json=body)
    for state in ("increased", "reduced"):
        elements = [
            {"role": "context", "wording": "a contract", "concept_id": 3},
            {"role": "mechanism", "wording": "read as duty", "concept_id": 2},
            {"role": "outcome", "wording": "trust", "concept_id": 4, "state": state},
        ]
        quote = {"source_id": 1, "exact": f"words on {state} trust"}
        body = {"elements": elements, "evidence": [{"quote": quote}]}
        assert owner.post(f"{world.base}/configurations", json=body).status_code == 201
    browser = sign_in(world, session, "coder")
    yield browser
    browser.close()


def test_a_mechanism_may_be_typed_as_the_codebook_has_it(coder: Browser) -> None:
    answer = coder.get(f"{HOME}/matrix?rows=context&through=duty")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{HOME}/matrix?rows=context&through=K2"
    shown = coder.get(answer.headers["location"]).text
    assert 'value="Duty · K2"' in shown
    chosen = coder.get(f"{HOME}/matrix?through=Reasoning, with narrower · K1*")
    assert chosen.headers["location"] == f"{HOME}/matrix?through=K1*"


def test_what_is_no_concept_is_told_at_its_field_and_kept(coder: Browser) -> None:
    answer = coder.get(f"{HOME}/matrix?through=dooty")
    assert answer.status_code == 200
    assert 'value="dooty"' in answer.text
    assert "No concept is called that" in answer.text


def test_a_cell_opens_its_configurations_with_the_words_behind_them(coder: Browser) -> None:
    grid = coder.get(f"{HOME}/matrix").text
    assert "shade-1" in grid
    assert "is-shaded" not in grid
    assert grid.count("⇅") >= 2
    addresses = re.findall(r'<a href="(\?[^"]*cell=[^"]+)"', grid)
    opened = coder.get(f"{HOME}/matrix{unescape(addresses[0])}").text
    beside = opened.partition('id="drawer"')[2]
    assert "words on increased trust" in beside
    assert "words on reduced trust" not in beside
    assert "Opposed" in beside
    assert 'aria-current="true"' in opened


def test_reviews_are_told_apart_and_stances_may_split_a_cell(coder: Browser) -> None:
    assert "1 source, 1 of them a review, 1 configuration" in coder.get(f"{HOME}/matrix").text
    split = coder.get(f"{HOME}/matrix?stances=true&shading=true").text
    assert '<span class="for">✓1</span>' in split
    assert "is-shaded" in split


def test_filters_of_configurations_apply_and_can_be_dropped(coder: Browser) -> None:
    shown = coder.get(f"{HOME}/matrix?has=outcome:K4:reduced&source_kind=review").text
    assert "1 configuration from 1 source" in shown
    assert 'aria-label="Drop the filter kind of source: review"' in shown
    assert '<input type="hidden" name="has" value="outcome:K4:reduced">' in shown
    assert '<option value="review" selected>' in shown


def test_a_matrix_is_kept_as_a_view_and_changed_later(coder: Browser) -> None:
    page = coder.get(f"{HOME}/matrix?rows=mechanism&has=context:K3&shading=true").text
    form = page.partition(f'action="{API}/views"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="([^"]+)" (?:type="\w+" )?value="([^"]*)"', form))
    assert (fields["query.rows"], fields["query.has[]"]) == ("mechanism", "context:K3")
    assert "query.shading" not in fields
    sent = coder.post(f"{API}/views", data={**fields, "title": "By duty"}, headers=SELF)
    assert sent.status_code == 303, sent.text
    view = coder.get(f"{API}/views/matrix").json()
    assert view["query"] == {"has": ["context:K3"], "rows": "mechanism"}
    again = coder.get(f"{HOME}/matrix?rows=mechanism").text
    assert ">By duty</a>" in again
    assert 'value="matrix-2"' in again
    changing = coder.get(f"{HOME}/matrix?rows=outcome&view=matrix").text
    assert f'action="{API}/views/matrix"' in changing


def test_readers_are_not_offered_what_they_may_not_do(
    world: World, session: Session, coder: Browser
) -> None:
    reader = sign_in(world, session, "reader")
    page = reader.get(f"{HOME}/matrix").text
    reader.close()
    assert "/matrix/file?format=svg" in page
    assert "Keep this view" not in page
