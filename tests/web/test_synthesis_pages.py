"""Codebook, configurations, quotes, links and memos on their pages, by plain forms."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.access.service import open_sign_in
from tests.conftest import Door, World
from tests.web.test_pages import check_page
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only

HOME = "/reviews/trust-and-faith"
SELF = {"sec-fetch-site": "same-origin", "accept": "text/html"}


class Forms(HTMLParser):
    """The forms of a page, each with its address and the fields a browser would send."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.all: list[tuple[str, list[list[str]]]] = []
        self._area: list[str] | None = None
        self._select: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.all.append((given.get("action", ""), []))
        elif tag == "option" and self._select is not None:
            if "selected" in given or not self._select[1:]:
                self._select[1:] = [given.get("value", "")]
        elif self.all and given.get("name"):
            field = [given["name"], given.get("value", "")]
            if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
                self.all[-1][1].append(field)
            elif tag == "textarea":
                self._area = field
                self.all[-1][1].append(field)
            elif tag == "select":
                self._select = [given["name"]]
                self.all[-1][1].append(self._select)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            self._area[1] = self._area[1].removeprefix("\n")  # as browsers read it
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area[1] += data


def signed_in(world: World, session: Session, who: str) -> Browser:
    secret = open_sign_in(session, world.users[who], lifetime=timedelta(hours=1))
    session.commit()
    browser = Browser(world.app)
    browser.cookies.set(COOKIE, secret)
    return browser


@pytest.fixture
def editor(world: World) -> Door:
    """Three concepts, two sources, three raw configurations, a quote, a link."""
    editor = world.door("editor")
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("sources", {"title": "One"}),
        ("sources", {"title": "Two"}),
        ("concepts", {"label": "contract", "definitions": [{"text": "What is written."}]}),
        ("concepts", {"label": "trust", "referent": "between partners", "aliases": ["reliance"]}),
        ("concepts", {"label": "reliances"}),
        *(("configurations", configuration(n)) for n in range(1, 4)),
        ("quotes", {"source_id": 1, "exact": "they trusted the plan", "is_parked": True}),
        ("links", {"kind": "feeds", "from_id": 1, "to_id": 2, "reason": "why"}),
    ]
    for path, body in bodies:
        made = editor.post(f"{world.base}/{path}", json=body)
        assert made.status_code == 201, made.text
    return editor


def configuration(n: int) -> dict[str, Any]:
    return {
        "title": f"Number {n}",
        "elements": [
            {"role": "context", "wording": f"contract {n}", "concept_id": 1, "state": "high"},
            {"role": "mechanism", "wording": "they read it as duty"},
            {"role": "outcome", "wording": f"trust {n}", "concept_id": 2 if n < 3 else 3},
        ],
        "evidence": [{"source_id": 1 + n % 2, "paraphrase": "so they say"}],
    }


@pytest.fixture
def browser(world: World, session: Session, editor: Door) -> Iterator[Browser]:
    del editor
    with_cookies = signed_in(world, session, "editor")
    yield with_cookies
    with_cookies.close()


def fill(browser: Browser, page: str, action: str, typed: dict[str, str], *, more: str = "") -> str:
    """Fill in the form of a page that posts to an address, send it, and show where it leads."""
    text = browser.get(page, headers=SELF).text
    check_page(page, text)
    fitting = [
        fields
        for address, fields in Forms(text).all
        if address.endswith(action) and more in str(fields)
    ]
    assert fitting, (action, [address for address, _ in Forms(text).all])
    known = {field[0] for field in fitting[0]}
    fields = {field[0]: field[1] if len(field) > 1 else "" for field in fitting[0]}
    many = [(name, value) for name, value in fields.items() if not name.endswith("[]")]
    lists = [(f[0], f[1]) for f in fitting[0] if f[0].endswith("[]")]
    assert {name for name in typed if not name.endswith("[]")} <= known, known
    sent = [(n, typed.get(n, v)) for n, v in many] + lists
    sent += [(n, v) for n, v in typed.items() if n.endswith("[]")]
    data: dict[str, list[str]] = {}
    for name, value in sent:
        data.setdefault(name, []).append(value)
    answer = browser.post(action_of(text, action), data=data, headers=SELF)
    assert answer.status_code == 303, answer.text
    shown = browser.get(answer.headers["location"], headers=SELF)
    assert shown.status_code == 200
    check_page(answer.headers["location"], shown.text)
    return unescape(shown.text)


def action_of(text: str, ending: str) -> str:
    return next(address for address, _ in Forms(text).all if address.endswith(ending))


def test_the_codebook_shows_uses_by_role_and_finds_by_alias(browser: Browser) -> None:
    text = browser.get(f"{HOME}/concepts").text
    assert f'href="{HOME}/configurations?counted=true&amp;has=context:K1">3</a>' in text
    found = browser.get(f"{HOME}/concepts?text=RELIANCE").text
    assert re.findall(r'<tr id="(K\d+)"', found) == ["K3", "K2"]
    assert re.findall(r'<tr id="(K\d+)"', browser.get(f"{HOME}/concepts?only=once").text) == ["K3"]


def test_an_entry_is_added_below_another_and_renamed_in_its_place(
    world: World, editor: Door, browser: Browser
) -> None:
    typed = {"label": "detailed contract", "parent_id@": "K1 contract"}
    text = fill(browser, f"{HOME}/concepts", "/concepts", typed)
    assert '<tr id="K4" class="depth-1"' in text
    page = f"{HOME}/concepts?edit=4"
    fill(browser, page, "/concepts/4", {"label": "thick contract", "parent_id@": ""})
    read = editor.get(f"{world.base}/concepts/4").json()
    assert (read["label"], read["parent_id"], read["version"]) == ("thick contract", None, 2)


def test_a_suggested_pair_is_merged_after_its_preview_and_taken_back(browser: Browser) -> None:
    text = unescape(browser.get(f"{HOME}/concepts/alike").text)
    assert "“reliance” reads like “reliances”" in text
    [leads] = re.findall(r'href="([^"]+/merge\?into=K2)"', text)
    preview = unescape(browser.get(leads).text)
    assert "Merge K3 into K2" in preview
    text = fill(browser, leads, "/concepts/3/merge", {"_query.reason": "the same word"})
    assert "Unmerge K3" in text
    text = fill(browser, f"{HOME}/concepts/2", "/concepts/3/unmerge", {})
    assert "reliances" in text
    assert "Merged into it" not in text


def test_a_pair_told_apart_is_remembered(browser: Browser) -> None:
    page = f"{HOME}/concepts/alike"
    text = fill(browser, page, "/concepts/apart", {"reason": "a plural of another sense"})
    assert "a plural of another sense" in text
    assert "See what merging changes" not in text
    text = fill(browser, page, "/concepts/apart/2/3", {})
    assert "See what merging changes" in text


def test_a_concept_is_defined_named_otherwise_and_split(
    world: World, editor: Door, browser: Browser
) -> None:
    page = f"{HOME}/concepts/2"
    text = fill(browser, page, "/definitions", {"text": "Relying on it.", "source_id@": "S2 two"})
    assert "Relying on it." in text
    assert "Also called believing, reliance." in fill(
        browser, page, "/aliases", {"label": "believing"}
    )
    typed = {"label": "faith", "elements[]": "C1.3"}
    text = fill(browser, f"{page}/split", "/split", typed)
    assert "split from" in text
    element = editor.get(f"{world.base}/configurations/1").json()["elements"][2]
    assert (element["concept_id"], element["wording"]) == (4, "trust 1")


def test_ticked_configurations_are_compared_and_consolidated(browser: Browser) -> None:
    ids = "?ids=1&ids=2&ids=3"
    text = unescape(browser.get(f"{HOME}/configurations/compare{ids}").text)
    assert (
        text.count(">in all<") + text.count(">in all;") == 6
    )  # contract and the words of the mechanism, in each
    assert "in 2 of 3" in text
    page = f"{HOME}/configurations/consolidate{ids}"
    typed = {"title": "Contracts and trust", "shared": "contract", "members.2.note": "weaker"}
    text = fill(browser, page, "/configurations", typed)
    assert "It stands for 3 raw configurations" in text
    listed = browser.get(f"{HOME}/configurations?kind=consolidated").text
    assert "1 configuration fits." in listed
    made = re.findall(r'<p class="said">([^<]+)</p>', text)
    assert made == ["contract 1", "they read it as duty", "trust 1"]


def test_ticked_configurations_are_changed_together(
    world: World, editor: Door, browser: Browser
) -> None:
    page = f"{HOME}/configurations/change?ids=1&ids=3"
    typed = {"status": "checked", "question": "Does it last?", "_query.reason": "team meeting"}
    fill(browser, page, "/configurations/changes", typed)
    read = [editor.get(f"{world.base}/configurations/{n}").json() for n in (1, 2, 3)]
    assert [one["status"] for one in read] == ["checked", "draft", "checked"]
    assert read[0]["questions"] == ["Does it last?"]


def test_a_concept_named_in_words_becomes_a_filter(browser: Browser) -> None:
    asked = browser.get(f"{HOME}/configurations?role=outcome&concept=K3+reliances")
    assert asked.status_code == 303
    listed = browser.get(f"{HOME}/configurations{asked.headers['location']}").text
    assert re.findall(r'class="title" href="[^"]*/(\d+)"', listed) == ["3"]


def test_a_configuration_is_judged_linked_mirrored_and_noted(
    world: World, editor: Door, browser: Browser
) -> None:
    page = f"{HOME}/configurations/3"
    text = fill(browser, page, "/configurations/3", {"certainty": "low"}, more="certainty")
    assert "<dt>Certainty</dt><dd>low</dd>" in text
    text = fill(
        browser,
        f"{HOME}/links/new?from_id=3",
        "/links",
        {"to_id@": "C1 Number 1", "kind": "contradicts", "reason": "They cannot both hold."},
    )
    assert "C3 contradicts C1" in text
    text = fill(browser, f"{page}/mirror", "/mirror", {"reason": "Nobody asked."})
    assert "Constructed by a reviewer" in text
    assert "low contract" in text
    text = fill(browser, page, "/memos", {"kind": "adjudicate", "text": "One is right."})
    assert "One is right." in text
    memos = editor.get(f"{world.base}/memos?is_move=true").json()["items"]
    assert [(m["subject_kind"], m["subject_id"]) for m in memos] == [("C", 3)]


@pytest.mark.parametrize(("part", "at"), [("element", "e1"), ("evidence", "v1")])
def test_a_memo_on_a_part_stands_beside_it(browser: Browser, part: str, at: str) -> None:
    typed = {"kind": "theory", "text": "Really?", "subject_part": part, "subject_n#": "1"}
    text = fill(browser, f"{HOME}/configurations/1", "/memos", typed)
    [beside] = re.findall(rf'<li[^>]*id="{at}">.*?</li>', text, re.DOTALL)
    assert f'<a class="number" href="{HOME}/memos/1">M1</a>' in beside
    stream = browser.get(f"{HOME}/memos").text
    assert f'href="{HOME}/configurations/1#{at}">{part} 1 of C1</a>' in stream


def test_evidence_is_tied_changed_and_untied(browser: Browser) -> None:
    page = f"{HOME}/configurations/1"
    typed = {"quote_id@": "Q1 they trusted", "stance": "refutes", "elements[]": "3"}
    text = fill(browser, f"{page}/evidence", "/evidence", typed)
    assert "they trusted the plan" in text
    typed = {"stance": "refines", "rationale": "only the plan"}
    text = fill(browser, f"{page}/evidence?n=2", "/evidence/2", typed)
    assert "only the plan" in text
    assert "refines" in text
    text = browser.get(f"{page}/evidence?n=2").text
    assert 'value="3" checked' in text


def test_a_configuration_in_use_says_so_and_another_is_deleted(browser: Browser) -> None:
    assert "cannot be deleted" in browser.get(f"{HOME}/configurations/1").text
    text = unescape(browser.get(f"{HOME}/configurations/3").text)
    assert "Deletes it with 3 elements and 1 piece of evidence" in text
    fill(browser, f"{HOME}/configurations/3", "/configurations/3", {}, more="DELETE")
    assert browser.get(f"{HOME}/configurations/3").status_code == 410


def test_a_quote_is_tied_to_a_concept_and_made_evidence(browser: Browser) -> None:
    page = f"{HOME}/quotes/1"
    text = fill(browser, page, "/concepts/{concept_id}", {"_path.concept_id": "K2 trust"})
    assert "Untie" in text
    typed = {"_path.number": "C2 Number 2", "stance": "contextualises"}
    text = fill(browser, page, "/{number}/evidence", typed)
    assert re.search(r"contextualises</span> <a[^>]*>C2<", text)
    assert "<dt>Parked</dt>" not in text
    parked = browser.get(f"{HOME}/quotes?is_parked=true").text
    assert "No quote fits" in parked


def test_a_link_gets_a_verdict_and_memos_stream_newest_first(browser: Browser) -> None:
    page = f"{HOME}/links/1"
    text = fill(browser, page, "/verdicts", {"verdict": "refuted", "reason": "S2 says no."})
    assert "<b>refuted</b>" in text
    for said in ("first", "second"):
        fill(browser, f"{HOME}/memos", "/memos", {"kind": "situate", "text": said})
    text = fill(browser, f"{HOME}/memos/1", "/memos/1", {"text": "mended"}, more="PATCH")
    assert "mended" in text
    stream = browser.get(f"{HOME}/memos?is_move=true").text
    assert re.findall(r'<li id="(M\d+)">', stream) == ["M2", "M1"]


def test_readers_and_coders_are_offered_what_they_may_do(
    world: World, session: Session, editor: Door
) -> None:
    assert editor.post(f"{world.base}/memos", json={"kind": "theory", "text": "x"}).is_success
    reader, coder = (signed_in(world, session, who) for who in ("reader", "coder"))
    for path in ("concepts", "concepts/2", "configurations/1", "quotes/1", "links/1", "memos/1"):
        text = reader.get(f"{HOME}/{path}").text
        check_page(path, text)
        assert (path, "data-sends" in text) == (path, False)
    text = coder.get(f"{HOME}/configurations/1").text
    assert ("Construct the mirror" in text, "Judge: status" in text) == (True, False)
    assert (
        "Left out, since others coded them" in coder.get(f"{HOME}/configurations/change?ids=1").text
    )
    assert "data-sends" not in coder.get(f"{HOME}/concepts/alike").text


def test_what_may_be_chosen_comes_as_options_that_begin_with_a_number(browser: Browser) -> None:
    text = browser.get(f"{HOME}/choices/concepts").text
    assert '<option value="K2 trust · between partners">' in text
    assert browser.get(f"{HOME}/choices/nonsense").status_code == 422
