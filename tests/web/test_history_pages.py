"""The history in the browser: looking for changes and taking them back; and what falls out."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.conftest import World
from tests.theory.material import ANY
from tests.web.test_chain_pages import sent
from tests.web.test_matrix_pages import API, HOME, sign_in
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only

PAGE = f"{HOME}/history"


@pytest.fixture
def editor(world: World, session: Session) -> Iterator[Browser]:
    """An editor of a review with a source that was renamed twice, and two memos."""
    owner = world.door("owner")
    owner.post(f"{world.base}/sources", json={"title": "One"})
    for title in ("Two", "Three"):
        owner.patch(f"{world.base}/sources/1", json={"title": title}, headers=ANY)
    for text in ("first", "second"):
        world.door("coder").post(f"{world.base}/memos", json={"kind": "theory", "text": text})
    browser = sign_in(world, session, "editor")
    yield browser
    browser.close()


def listed(page: str) -> list[str]:
    return re.findall(r'class="title" href="[^"]+">([^<]+)<', page)


def number_of(page: str, what: str) -> int:
    found = re.findall(r'href="[^"]+/history/(\d+)">([^<]+)<', page)
    return next(int(number) for number, said in found if said == what)


def test_changes_are_found_by_thing_person_door_and_day(world: World, editor: Browser) -> None:
    of_source = editor.get(f"{PAGE}?kind=S&number=1").text
    assert "History of S1" in of_source
    assert len(listed(of_source)) == 3
    coder = world.users["coder"].id
    assert listed(editor.get(f"{PAGE}?actor_id={coder}").text) == ["added M2", "added M1"]
    assert listed(editor.get(f"{PAGE}?channel=web").text) == []
    assert listed(editor.get(f"{PAGE}?until=2020-01-01").text) == []
    assert len(listed(editor.get(f"{PAGE}?since=2020-01-01").text)) >= 5
    assert editor.get(f"{PAGE}?number=1").status_code == 422


def test_a_change_is_taken_back_by_a_form_with_a_reason(editor: Browser) -> None:
    number = number_of(editor.get(PAGE).text, "added M2")
    leads = sent(
        editor,
        editor.get(f"{PAGE}/{number}").text,
        f"Take H{number} back",
        **{"_query.reason": "said twice"},
    )
    undoing = editor.get(leads).text
    assert "said twice" in undoing
    assert f">H{number}</a>" in undoing
    assert editor.get(f"{API}/memos/2").status_code == 410
    before = editor.get(f"{PAGE}/{number}").text
    assert "taken back by" in before
    assert "Take it back" not in before
    assert "taken back by" in editor.get(PAGE).text


def test_what_changed_again_says_what_stands_in_the_way(editor: Browser) -> None:
    changes = re.findall(r'id="H(\d+)"', editor.get(f"{PAGE}?kind=S&number=1").text)
    page = editor.get(f"{PAGE}/{changes[1]}").text
    assert "It cannot be taken back now" in page
    assert f'href="{PAGE}/{changes[0]}"' in page
    assert "do-take-back" not in page
    assert "do-take-back" in editor.get(f"{PAGE}/{changes[0]}").text


def test_one_of_several_things_deleted_comes_back_alone(world: World, editor: Browser) -> None:
    ids = [{"id": n} for n in (1, 2)]
    both = world.door("owner").get(f"{world.base}/memos").json()["items"]
    assert [memo["id"] for memo in both] == [one["id"] for one in ids]
    for memo in both:
        gone = editor.delete(
            f"{API}/memos/{memo['id']}",
            headers={"If-Match": "*", "sec-fetch-site": "same-origin"},
        )
        assert gone.status_code == 204
    number = number_of(editor.get(PAGE).text, "deleted M1")
    sent(editor, editor.get(f"{PAGE}/{number}").text, f"Take H{number} back")
    assert editor.get(f"{API}/memos/1").status_code == 200
    assert editor.get(f"{API}/memos/2").status_code == 410


def test_readers_look_back_and_take_nothing_back(
    world: World, session: Session, editor: Browser
) -> None:
    number = number_of(editor.get(PAGE).text, "added M2")
    for who, is_offered in (("reader", False), ("coder", True)):
        browser = sign_in(world, session, who)
        page = browser.get(f"{PAGE}/{number}").text
        browser.close()
        assert (who, "do-take-back" in page) == (who, is_offered)


def test_what_falls_out_is_counted_and_leads_to_where_it_is_mended(editor: Browser) -> None:
    page = editor.get(f"{HOME}/check").text
    assert "Sources nothing is taken from" in page
    assert '<span class="count">1</span>' in page
    assert f'href="{HOME}/sources/1"' in page
    only = editor.get(f"{HOME}/check?only=source_unused").text
    assert f'href="{HOME}/sources/1"' in only
    assert "Nothing falls out here" in editor.get(f"{HOME}/check?only=concept_cycle").text
    assert editor.get(f"{HOME}/check?only=colour").status_code == 422
