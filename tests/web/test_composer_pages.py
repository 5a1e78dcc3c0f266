"""Composing a configuration with plain forms, no script anywhere."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.access.service import open_sign_in
from tests.conftest import World
from tests.theory.material import Material, add_material, example
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only

HOME = "/reviews/trust-and-faith"
SELF = {"sec-fetch-site": "same-origin", "accept": "text/html"}
Fields = list[tuple[str, str]]


class Form(HTMLParser):
    """The fields of the composer as a browser would send them untouched."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: Fields = []
        self.names: set[str] = set()
        self.action = ""
        self._inside = False
        self._select = self._area = ""
        self._options: list[tuple[str, bool]] = []
        self._text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("id") == "compose":
            self._inside, self.action = True, given["action"]
        name = given.get("name", "")
        is_own = self._inside or given.get("form") == "compose"
        if name and is_own:
            self.names.add(name)
        if tag == "input" and name and is_own:
            is_tick = given.get("type") == "checkbox"
            if not is_tick or "checked" in given:
                self.fields.append((name, given.get("value", "")))
        elif tag == "select" and is_own:
            self._select, self._options = name, []
        elif tag == "option" and self._select:
            self._options.append((given.get("value", ""), "selected" in given))
        elif tag == "textarea" and is_own:
            self._area, self._text = name, ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select:
            chosen = [value for value, is_on in self._options if is_on]
            self.fields.append((self._select, (chosen or [self._options[0][0]])[0]))
            self._select = ""
        elif tag == "textarea" and self._area:
            self.fields.append((self._area, self._text.removeprefix("\n").removeprefix("\n")))
            self._area = ""
        elif tag == "form":
            self._inside = False

    def filled(self, **values: str) -> dict[str, list[str]]:
        """The fields as sent, some with other values; dots are written as two underscores."""
        wanted = {name.replace("__", "."): value for name, value in values.items()}
        sent: dict[str, list[str]] = {}
        for name, value in self.fields:
            bare = re.sub(r"[?#]+$", "", name)
            sent.setdefault(name, []).append(wanted.pop(bare, value))
        for bare, value in wanted.items():
            [name] = [name for name in self.names if re.sub(r"[?#]+$", "", name) == bare]
            sent.setdefault(name, []).append(value)
        return sent


@pytest.fixture
def material(world: World, session: Session) -> Material:
    return add_material(session, world.review.id)


@pytest.fixture
def browser(world: World, session: Session, material: Material) -> Iterator[Browser]:
    secret = open_sign_in(session, world.users["editor"], lifetime=timedelta(hours=1))
    session.commit()
    with_cookies = Browser(world.app)
    with_cookies.cookies.set(COOKIE, secret)
    yield with_cookies
    with_cookies.close()


def composer(browser: Browser, path: str) -> Form:
    answer = browser.get(f"{HOME}/configurations/{path}")
    assert answer.status_code == 200, answer.text
    return Form(answer.text)


def send(browser: Browser, form: Form, **values: str) -> Any:
    return browser.post(form.action, data=form.filled(**values), headers=SELF)


def read(browser: Browser, number: int) -> Any:
    return browser.get(f"/api/v1{HOME}/configurations/{number}").json()


def test_words_alone_make_a_configuration(browser: Browser) -> None:
    form = composer(browser, "new?template=ICMO")
    answer = send(
        browser,
        form,
        title="Small wins",
        elements__2__wording="partners reach\r\nsmall targets",
        elements__2__concept="Small targets",
        elements__4__wording="trust grows",
        elements__4__state="increased",
        elements__4__mechanism_n="",
    )
    assert (answer.status_code, answer.headers["location"]) == (303, f"{HOME}/configurations/1")
    made = read(browser, 1)
    assert [(e["n"], e["role"], e["wording"]) for e in made["elements"]] == [
        (2, "context", "partners reach\nsmall targets"),
        (4, "outcome", "trust grows"),
    ]
    assert (made["template"], made["elements"][0]["concept_id"]) == ("ICMO", 3)
    assert (made["evidence"], made["roles_not_reported"]) == ([], None)


def test_a_quote_is_tied_from_where_one_came_from(browser: Browser, material: Material) -> None:
    form = composer(browser, f"new?quote={material.quote}")
    send(browser, form, elements__1__wording="a letter", evidence__1__basis="participant_account")
    [piece] = read(browser, 1)["evidence"]
    assert (piece["quote_id"], piece["basis"], piece["elements"]) == (
        material.quote,
        "participant_account",
        [],
    )


def test_notation_is_read_without_a_script(browser: Browser) -> None:
    form = composer(browser, "new")
    words = "When trust is low (C), partners keep to the contract (M), so nothing is shared (O)"
    send(browser, form, notation=words, elements__1__wording="a merger")
    assert [(e["role"], e["wording"]) for e in read(browser, 1)["elements"]] == [
        ("context", "a merger"),
        ("context", "trust is low"),
        ("mechanism", "partners keep to the contract"),
        ("outcome", "nothing is shared"),
    ]


def test_sent_back_untouched_nothing_changes(
    world: World, browser: Browser, material: Material
) -> None:
    more = {"modality": "likely", "roles_not_reported": ["context"], "phase": "1"}
    body = example(material, **more)
    body["elements"][2] |= {"is_intended": False, "tier": "distal", "valence": "contested"}
    body["elements"].append({"role": "actor", "wording": "the board", "any_of": 1})
    body["evidence"][0] |= {"is_inferred": True, "inference": "abduction", "rationale": "why"}
    world.door("editor").post(f"{world.base}/configurations", json=body)
    before = read(browser, 1)
    assert send(browser, composer(browser, "1/edit")).status_code == 303
    after = read(browser, 1)
    assert (before.pop("version"), after.pop("version")) == (1, 2)
    assert after == before


def test_an_element_emptied_is_left_out_and_one_filled_in_is_added(
    world: World, browser: Browser, material: Material
) -> None:
    world.door("editor").post(f"{world.base}/configurations", json=example(material))
    form = composer(browser, "1/edit")
    send(
        browser,
        form,
        elements__1__wording="",
        elements__5__wording="they feel watched",
        evidence__2__rationale="as said before",
        statement="",
    )
    after = read(browser, 1)
    assert [(e["n"], e["role"]) for e in after["elements"]] == [
        (2, "mechanism"),
        (3, "outcome"),
        (5, "mechanism"),
    ]
    assert after["evidence"][1]["rationale"] == "as said before"


def test_a_version_that_is_no_longer_there_is_not_overwritten(
    world: World, browser: Browser, material: Material
) -> None:
    world.door("editor").post(f"{world.base}/configurations", json=example(material))
    form = composer(browser, "1/edit")
    assert send(browser, form, title="Mine").status_code == 303
    refused = send(browser, form, title="Other")
    assert (refused.status_code, "changed meanwhile" in refused.text) == (412, True)
    assert read(browser, 1)["title"] == "Mine"


def test_who_may_not_change_it_is_not_offered_the_composer(
    world: World, browser: Browser, material: Material
) -> None:
    world.door("editor").post(f"{world.base}/configurations", json=example(material))
    edit = f"{HOME}/configurations/1/edit"
    assert world.door("coder").get(edit).status_code == 403
    assert world.door("reader").get(f"{HOME}/configurations/new").status_code == 403
    assert "/configurations/1/edit" in browser.get(f"{HOME}/configurations/1").text
    reader = world.door("reader").get(f"{HOME}/configurations/1", headers={"Accept": "text/html"})
    assert "/edit" not in reader.text


def test_the_reviews_own_fields_are_filled_in_and_emptied(
    world: World, browser: Browser, material: Material
) -> None:
    for field in (
        {"name": "strength", "type": "number", "label": "Strength"},
        {"name": "sites", "type": "choices", "choices": ["wards", "boards"]},
    ):
        body = {"subject": "configuration", **field}
        assert world.door("editor").post(f"{world.base}/fields", json=body).status_code == 201
    world.door("editor").post(f"{world.base}/configurations", json=example(material))
    form = composer(browser, "1/edit")
    form.fields.append(("fields.sites[]", "boards"))
    assert send(browser, form, fields__strength="3").status_code == 303
    assert read(browser, 1)["fields"] == {"strength": 3, "sites": ["boards"]}
    before = read(browser, 1)
    send(browser, composer(browser, "1/edit"))
    assert read(browser, 1)["fields"] == before["fields"]
    refused = send(browser, composer(browser, "1/edit"), fields__strength="much")
    assert (refused.status_code, "Fields: strength" in refused.text) == (422, True)
    send(browser, composer(browser, "1/edit"), fields__strength="")
    assert read(browser, 1)["fields"] == {"sites": ["boards"]}


def test_research_questions_are_ticked_or_written(
    world: World, browser: Browser, material: Material
) -> None:
    body = example(material, questions=["How does trust grow?"])
    world.door("editor").post(f"{world.base}/configurations", json=body)
    form = composer(browser, "new")
    form.fields.append(("questions[]", "How does trust grow?"))
    form.fields = [
        (name, "What harms it?" if name == "questions[]!" else value) for name, value in form.fields
    ]
    send(browser, form, elements__1__wording="a letter")
    assert set(read(browser, 2)["questions"]) == {"How does trust grow?", "What harms it?"}
    form = composer(browser, "2/edit")
    form.fields = [pair for pair in form.fields if pair[0] != "questions[]"]
    send(browser, form)
    assert read(browser, 2)["questions"] is None


def test_second_hand_evidence_and_the_definition_coded_under_are_chosen(
    world: World, browser: Browser, material: Material
) -> None:
    editor = world.door("editor")
    for text in ("The first", "The second"):
        made = editor.post(
            f"{world.base}/concepts/{material.concept}/definitions", json={"text": text}
        )
        assert made.status_code in {200, 201}, made.text
    editor.post(f"{world.base}/configurations", json=example(material))
    placed = next(e for e in read(browser, 1)["elements"] if e["concept_id"] == material.concept)
    n = placed["n"]
    values = {
        f"elements__{n}__definition_n": "1",
        f"elements__{n}__position": "7",
        "evidence__1__cited_source_id@": f"S{material.other}",
    }
    assert send(browser, composer(browser, "1/edit"), **values).status_code == 303
    after = read(browser, 1)
    [element] = [e for e in after["elements"] if e["n"] == n]
    assert (element["definition_n"], element["position"]) == (1, 7)
    assert after["evidence"][0]["cited_source_id"] == material.other
