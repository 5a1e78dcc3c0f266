"""Reading and coding with keys and mouse."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import REVIEW

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

TEXT = f"{REVIEW}/documents/1"
NONE: dict[str, Any] = {"items": [], "next": None}


def ask(page: Page, path: str) -> Any:
    answer = page.request.get(f"/api/v1{REVIEW}/{path}")
    assert answer.ok, answer.text()
    return answer.json()


def status(page: Page) -> str:
    expect(page.locator("#status")).not_to_be_empty()
    return page.inner_text("#status")


def number_in(said: str) -> int:
    [number] = re.findall(r"[A-Z](\d+)\.", said)
    return int(number)


def test_ten_quotes_are_coded_without_the_mouse(page: Page) -> None:
    page.goto(TEXT)
    before = len(ask(page, "quotes?limit=200")["items"])
    for n in range(10):
        page.keyboard.press("j")
        page.keyboard.press("p")
        expect(page.locator("#status")).to_contain_text(f"Parked as Q{before + n + 1}.")
        assert page.evaluate("document.activeElement.id") == "text"
    parked = ask(page, "quotes?limit=200&is_parked=true")["items"][-10:]
    assert all(quote["verification"] == "exact" for quote in parked)
    starts = [quote["start_at"] for quote in parked]
    assert starts == sorted(set(starts))


def test_the_words_selected_are_the_words_coded(page: Page) -> None:
    page.goto(TEXT)
    page.evaluate(
        """() => {
            const sentence = document.querySelectorAll("#text .sentence")[12];
            const node = sentence.firstChild.firstChild ?? sentence.firstChild;
            getSelection().setBaseAndExtent(node, 3, node, 17);
        }"""
    )
    words = page.evaluate("getSelection().toString()")
    expect(page.locator("#bar")).to_be_visible()
    page.keyboard.press("p")
    number = number_in(status(page))
    quote = ask(page, f"quotes/{number}")
    assert quote["exact"] == words
    assert (quote["verification"], quote["end_at"] - quote["start_at"]) == ("exact", len(words))


def test_a_passage_becomes_a_configuration_that_the_matrix_counts(page: Page) -> None:
    page.goto(TEXT)
    for _ in range(8):
        page.keyboard.press("j")
    page.keyboard.press("n")
    page.fill("[name=context_wording]", "nobody chose the others")
    page.fill("[name=context_concept]", "Chosen by nobody <b>")
    page.fill("[name=outcome_wording]", "trust is slow to grow")
    page.fill("[name=outcome_concept]", "Slow trust")
    expect(page.locator("[data-sentence]")).to_have_text(
        "If nobody chose the others, then trust is slow to grow, because …."
    )
    page.click("#dialog-configuration [value=code]")
    number = number_in(status(page))
    expect(page.locator("#coded")).to_contain_text(f"C{number}")
    page.goto(f"{REVIEW}/matrix")
    expect(page.locator("main")).to_contain_text("Chosen by nobody <b>")


def test_what_was_typed_survives_a_reload(page: Page) -> None:
    page.goto(TEXT)
    page.keyboard.press("]")
    page.keyboard.press("m")
    page.fill("#dialog-memo textarea", "half a thought")
    page.reload()
    page.keyboard.press("]")
    page.keyboard.press("m")
    expect(page.locator("#dialog-memo textarea")).to_have_value("half a thought")
    page.click("#dialog-memo [value=cancel]")


def test_signed_out_while_coding_loses_nothing(page: Page) -> None:
    page.goto(TEXT)
    page.keyboard.press("]")
    page.keyboard.press("c")
    page.fill("#dialog-concept input", "K1")
    page.context.clear_cookies()
    page.click("#dialog-concept [value=code]")
    expect(page.locator("#dialog-concept .problem")).to_contain_text("signed out")
    expect(page.locator("#dialog-concept input")).to_have_value("K1")


def test_nothing_is_wider_than_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(TEXT)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def park(page: Page, exact: str, **more: Any) -> int:
    body = {"source_id": 1, "document_id": 1, "exact": exact, "is_parked": True, **more}
    number: int = page.request.post(f"/api/v1{REVIEW}/quotes", data=body).json()["id"]
    return number


def test_a_passage_becomes_evidence_for_some_elements(page: Page) -> None:
    page.goto(TEXT)
    for _ in range(5):
        page.keyboard.press("j")
    page.keyboard.press("e")
    page.keyboard.type("C1")
    expect(page.locator("[data-found] .number").first).to_have_text("C1")
    page.locator("[data-elements] label", has_text="mechanism").locator("input").check()
    page.select_option("#evidence-stance", "refines")
    page.select_option("#evidence-inference", "abduction")
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text("Tied to C1.")
    piece = ask(page, "configurations/1")["evidence"][-1]
    said = (piece["stance"], piece["is_inferred"], piece["inference"], piece["elements"])
    assert said == ("refines", True, "abduction", [2])
    page.keyboard.press("z")
    expect(page.locator("#status")).to_contain_text("Taken back")
    assert ask(page, "configurations/1")["evidence"][-1]["n"] != piece["n"]


def test_nothing_is_tied_to_what_nobody_chose(page: Page) -> None:
    before = ask(page, "configurations/1")["evidence"]
    page.goto(TEXT)
    page.keyboard.press("j")
    page.keyboard.press("e")
    dialog = page.locator("#dialog-evidence")
    expect(dialog.locator("[data-found] input").first).to_be_visible()
    expect(dialog.locator("[data-found] input:checked")).to_have_count(0)
    expect(dialog.locator("[data-about]")).to_be_hidden()
    dialog.get_by_role("button", name="Tie").click()
    expect(dialog.locator(".problem")).to_have_text("Choose a configuration first.")
    dialog.locator("[data-found] input").nth(1).check()
    dialog.get_by_role("button", name="Tie").click()
    expect(page.locator("#status")).to_contain_text("Tied to C2.")
    assert ask(page, "configurations/1")["evidence"] == before


def test_where_no_proposition_is_a_passage_leads_to_the_theories(page: Page) -> None:
    page.route(f"**/api/v1{REVIEW}/theories?*", lambda route: route.fulfill(json=NONE))
    page.goto(TEXT)
    page.keyboard.press("j")
    page.keyboard.press("t")
    found = page.locator("#dialog-proposition [data-found]")
    expect(found).to_contain_text("There is none yet")
    expect(found.get_by_role("link")).to_have_attribute("href", f"{REVIEW}/theories")
    page.keyboard.type("letters")
    expect(found).to_have_text("None has these words.")


def test_a_passage_is_tied_to_a_proposition(page: Page) -> None:
    claim = {"statement": "Letters alone change nothing."}
    body = {"title": "Letters", "propositions": [claim]}
    theory = page.request.post(f"/api/v1{REVIEW}/theories", data=body).json()["id"]
    page.goto(TEXT)
    page.keyboard.press("]")
    page.keyboard.press("t")
    page.keyboard.type("letters alone")
    expect(page.locator("[data-found] input")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_contain_text(f"Tied to T{theory}.1")
    expect(page.locator(f"[data-tie='T{theory}.1']")).to_be_visible()


def test_words_are_found_and_chosen(page: Page) -> None:
    page.goto(TEXT)
    page.keyboard.press("/")
    page.keyboard.type("partners")
    page.keyboard.press("Enter")
    expect(page.locator("#find-told")).to_contain_text("1 of ")
    page.keyboard.press("Enter")
    expect(page.locator("#find-told")).to_contain_text("2 of ")
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#find-told")).to_contain_text("1 of ")
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    expect(page.locator("#status")).to_contain_text("Parked")
    assert ask(page, f"quotes/{number_in(status(page))}")["exact"].lower() == "partners"


def test_what_is_open_is_stepped_through_and_settled_beside_the_text(page: Page) -> None:
    number = park(page, "words that nobody wrote anywhere in it")
    page.goto(TEXT)
    page.keyboard.press("Shift+O")
    entry = page.locator(f"#coded-{number}")
    expect(entry).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#text")).to_be_focused()
    page.select_option("#narrow-kind", "unverified")
    expect(entry).to_be_visible()
    others = page.locator("#coded li[data-quote]:not([data-kinds~='unverified']):visible")
    expect(others).to_have_count(0)
    entry.get_by_role("link", name="Change").click()
    entry.get_by_role("button", name="Take it up").click()
    expect(page.locator("#status")).to_contain_text("Parked no longer")
    expect(entry).to_be_focused()
    entry.get_by_role("link", name="Change").click()
    entry.get_by_role("button", name="Delete").click()
    expect(entry).to_have_count(0)
    page.locator("#status").get_by_role("button", name="Take back").click()
    expect(entry).to_have_count(1)


def test_a_passage_and_what_it_is_tied_to_light_up_together(page: Page) -> None:
    page.goto(TEXT)
    page.locator("#coded [data-tie='C1'] a.number").first.focus()
    lit = page.locator("#text mark.lit")
    assert lit.count() > 1
    number = page.locator("#text mark").first.get_attribute("data-quotes")
    page.locator("#text mark").first.hover()
    expect(page.locator(f"#coded-{(number or '').split()[0]}")).to_have_class("lit")
    page.goto(f"{TEXT}?quote=2")
    expect(page.locator("#text mark[data-quotes~='2']").first).to_be_in_viewport()
    expect(page.locator("#coded-2")).to_have_class("lit")
    page.keyboard.press("q")
    expect(page.locator("#coded-2")).to_be_focused()


def test_a_form_put_off_is_offered_again(page: Page) -> None:
    page.goto(TEXT)
    for _ in range(4):
        page.keyboard.press("j")
    page.keyboard.press("m")
    page.fill("#dialog-memo textarea", "to be gone on with")
    page.reload()
    page.locator("#unsent button").click()
    expect(page.locator("#dialog-memo textarea")).to_have_value("to be gone on with")
    page.click("#dialog-memo [value=code]")
    expect(page.locator("#status")).to_contain_text("Memo")
    expect(page.locator("#unsent")).to_be_hidden()
