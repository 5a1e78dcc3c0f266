"""Settings and members of a review, archives, deletion: by forms, without scripts."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.jobs.worker import Worker
from tests.conftest import World
from tests.web.browsing import SELF, Forms, fill_in, form_on, signed_in, told
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only

HOME = "/reviews/trust-and-faith"
SETTINGS, MEMBERS = f"{HOME}/settings", f"{HOME}/members"


@pytest.fixture
def browser(world: World, session: Session) -> Iterator[Browser]:
    """A browser of the owner."""
    made = signed_in(world, session, "owner")
    yield made
    made.close()


def test_an_owner_changes_the_settings_and_nobody_elses_change_is_lost(
    world: World, browser: Browser
) -> None:
    stale = form_on(browser, SETTINGS, "Change the settings")
    answer = fill_in(
        browser, SETTINGS, "Change the settings", title="Trust", question="When?", template="CAMO"
    )
    assert told(answer) == "The settings are changed."
    read = world.door("reader").get(world.base).json()
    assert (read["title"], read["question"], read["template"]) == ("Trust", "When?", "CAMO")
    assert browser.post(stale.action, data=stale.fields, headers=SELF).status_code == 412


def test_a_reader_reads_the_settings_and_is_offered_no_change(
    world: World, session: Session
) -> None:
    with signed_in(world, session, "reader") as reader:
        page = reader.get(SETTINGS).text
        assert "<dt>Template</dt>" in page
        changing = [f.action for f in Forms(page).found if f.method == "post"]
        assert changing == ["/sign-out"]
        assert [f.action for f in Forms(reader.get(MEMBERS).text).found] == ["/sign-out"]


def test_an_editor_shapes_own_fields_and_no_settings(world: World, session: Session) -> None:
    with signed_in(world, session, "editor") as editor:
        forms = " ".join(form.said for form in Forms(editor.get(SETTINGS).text).found)
    assert "Add the field" in forms
    assert "Change the settings" not in forms
    assert "Delete the review" not in forms


def test_own_fields_are_added_changed_and_deleted(world: World, browser: Browser) -> None:
    given = {"label": "Study design", "name": "design", "type": "choice"}
    answer = fill_in(browser, SETTINGS, "Add the field", **given, choices="RCT\r\ncase study\r\n")
    assert told(answer) == "The field Study design is there."
    [field] = world.door("reader").get(f"{world.base}/fields").json()["items"]
    assert (field["choices"], field["help"]) == (["RCT", "case study"], None)
    changed = fill_in(
        browser, SETTINGS, "Change the field", choices="RCT\r\ncohort", label="Design"
    )
    assert told(changed) == "The field Design is changed."
    source = {"title": "A", "fields": {"design": "RCT"}}
    assert world.door("coder").post(f"{world.base}/sources", json=source).status_code == 201
    assert fill_in(browser, SETTINGS, "Delete the field").status_code == 409
    gone = fill_in(browser, SETTINGS, "Delete the field", _query__drop_values="true")
    assert told(gone).startswith("The field is deleted")
    assert world.door("reader").get(f"{world.base}/fields").json()["items"] == []


def test_members_come_in_change_role_and_go(world: World, browser: Browser) -> None:
    answer = fill_in(browser, MEMBERS, "Let in", email="stranger@example.org", role="editor")
    assert told(answer) == "Stranger is in, as editor."
    changed = fill_in(browser, MEMBERS, "the role of Stranger", role="reader")
    assert told(changed) == "Stranger is reader now."
    assert world.door("stranger").get(world.base).status_code == 200
    gone = fill_in(browser, MEMBERS, "Take Stranger out")
    assert (told(gone), gone.headers["location"]) == (
        "Taken out; what they coded stays theirs.",
        MEMBERS,
    )
    assert world.door("stranger").get(world.base).status_code == 404


def test_nobody_unknown_comes_in_and_the_page_says_so(browser: Browser) -> None:
    answer = fill_in(browser, MEMBERS, "Let in", email="nobody@example.org", role="coder")
    assert answer.status_code == 404
    assert "No user has the e-mail address nobody@example.org." in answer.text


def test_the_last_owner_is_not_offered_to_go(browser: Browser) -> None:
    page = browser.get(MEMBERS).text
    assert "The last owner stays" in page
    assert "Take Owner out" not in page
    fill_in(browser, MEMBERS, "the role of Editor", role="owner")
    page = browser.get(MEMBERS).text
    assert "The last owner stays" not in page
    assert fill_in(browser, MEMBERS, "Take Owner out").headers["location"] == "/"


def test_a_deleted_review_is_restored_from_the_list(world: World, browser: Browser) -> None:
    assert "0 sources, 0 quotes and 0 configurations" in browser.get(SETTINGS).text
    assert fill_in(browser, SETTINGS, "Delete the review").headers["location"] == "/"
    assert browser.get(HOME).status_code == 410
    restored = fill_in(browser, "/", "Restore")
    assert restored.headers["location"] == HOME
    assert told(restored) == "Trust and faith is back, with everything in it."
    assert world.door("reader").get(HOME).status_code == 200


def test_an_archive_is_looked_into_then_let_in(world: World, browser: Browser) -> None:
    world.door("coder").post(f"{world.base}/sources", json={"title": "A"})
    down = form_on(browser, SETTINGS, "Download the archive")
    archive = browser.get(down.action, params=down.fields)
    assert archive.headers["content-type"] == "application/zip"
    up = form_on(browser, "/reviews/new", "Look into it")
    asked = browser.post(
        up.action,
        data=up.fields | {"_query.as_copy": "true"},
        files={"_file": ("mine.zip", archive.content, "application/zip")},
        headers=SELF,
    )
    page = asked.headers["location"]
    assert "waits for its turn" in browser.get(page).text
    worker = Worker(world.app.state.sessions, world.app.state.settings)
    assert worker.work_once()
    looked = browser.get(page).text
    assert "mine.zip" in looked
    assert re.search(r"sources</th><td>1 new", looked)
    let_in = fill_in(browser, page, "Its name in addresses", slug="copy-of-it")
    assert worker.work_once()
    done = browser.get(let_in.headers["location"]).text
    assert 'href="/reviews/copy-of-it"' in done
    assert browser.get("/reviews/copy-of-it").status_code == 200
