"""Composing a configuration, alone and while somebody else does."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import REVIEW

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

API = f"/api/v1{REVIEW}"
NEW = f"{REVIEW}/configurations/new"
ANY = {"If-Match": "*"}


def read(page: Page, number: int) -> Any:
    return page.request.get(f"{API}/configurations/{number}").json()


@pytest.fixture
def made(page: Page) -> int:
    """A configuration of context 1, mechanism 2 and outcome 3, with evidence for the whole."""
    roles = ("context", "mechanism", "outcome")
    elements = [{"role": role, "wording": f"the {role}"} for role in roles]
    evidence = [{"source_id": 1, "page": "2"}]
    body = {"title": "To be changed", "elements": elements, "evidence": evidence}
    number: int = page.request.post(f"{API}/configurations", data=body).json()["id"]
    return number


@pytest.fixture
def other(page: Page) -> Iterator[Page]:
    """A second tab."""
    tab = page.context.new_page()
    yield tab
    tab.close()


def number_in(page: Page) -> int:
    page.wait_for_url(re.compile(r"/configurations/\d+$"))
    return int(page.url.rsplit("/", 1)[1])


def test_the_sentence_supplies_connectives_once_as_the_stored_one_does(page: Page) -> None:
    page.goto(NEW)
    for row, words in (
        ("e1", "When The staff are asked"),
        ("e2", "because NHS rules ask for it, since 2010"),
        ("e3", "so that Morale improves"),
    ):
        page.fill(f"#{row}-wording", words)
    sentence = (
        "If the staff are asked, then Morale improves, because NHS rules ask for it, since 2010."
    )
    expect(page.locator("#sentence")).to_have_text(sentence)
    page.locator("#compose [type=submit]").click()
    page.wait_for_url(re.compile(r"/configurations/\d+$"))
    expect(page.locator("main")).to_contain_text(sentence)


def test_composed_with_keys_it_says_what_it_says(page: Page) -> None:
    page.goto(NEW)
    page.focus("#e1-wording")
    page.keyboard.type("partners chose each other")
    page.focus("#e3-wording")
    page.keyboard.type("they share what they know")
    expect(page.locator("#sentence")).to_have_text(
        "If partners chose each other, then they share what they know, because …."
    )
    page.locator("[data-add=outcome]").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("trust grows")
    page.fill("#e1-concept", "Chosen partners")
    page.fill("#v1-quote", "1")
    page.locator("#v1-e4").check()
    page.locator("#compose [type=submit]").click()
    whole = read(page, number_in(page))
    assert [(e["n"], e["role"]) for e in whole["elements"]] == [
        (1, "context"),
        (3, "outcome"),
        (4, "outcome"),
    ]
    assert whole["evidence"][0]["elements"] == [4]
    sentence = (
        "If partners chose each other, then they share what they know and trust grows, because …."
    )
    assert whole["statement"] == sentence
    expect(page.locator("main")).to_contain_text(sentence)


def test_notation_fills_the_slots(page: Page) -> None:
    page.goto(NEW)
    page.click("#paste summary")
    page.fill(
        "#notation",
        "When trust is low (C), a letter comes (C), they obey (M), so nothing grows (O)",
    )
    page.click("#fill")
    expect(page.locator("#sentence")).to_have_text(
        "If trust is low and a letter comes, then nothing grows, because they obey."
    )
    expect(page.locator("#notation")).to_have_value("")
    page.locator("#compose [type=submit]").click()
    wordings = [element["wording"] for element in read(page, number_in(page))["elements"]]
    assert sorted(wordings) == ["a letter comes", "nothing grows", "they obey", "trust is low"]


def test_a_refusal_stands_at_its_field(page: Page) -> None:
    page.goto(NEW)
    page.fill("#e3-wording", "trust grows")
    page.fill("#e3-concept", "K999")
    page.locator("#compose [type=submit]").click()
    expect(page.locator("#e3-concept")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#e3-concept-told")).to_contain_text("no concept K999")
    expect(page.locator("#e3-concept")).to_be_focused()
    page.evaluate("localStorage.clear()")


def test_what_was_typed_survives_a_reload(page: Page) -> None:
    page.goto(NEW)
    page.fill("#e1-wording", "half a thought")
    page.fill("#e3-wording", "an outcome")
    page.locator("[data-add=outcome]").click()
    page.keyboard.type("an end of it")
    page.reload()
    expect(page.locator("#e1-wording")).to_have_value("half a thought")
    expect(page.locator("#e4-wording")).to_have_value("an end of it")
    expect(page.locator("#sentence")).to_contain_text("half a thought")
    page.evaluate("localStorage.clear()")


def test_two_people_change_it_and_nothing_of_either_is_lost(
    page: Page, other: Page, made: int
) -> None:
    for tab in (page, other):
        tab.goto(f"{REVIEW}/configurations/{made}/edit")
    other.fill("#f-title", "Theirs")
    other.fill("#e2-wording", "their mechanism")
    other.fill("#e3-qualifier", "much")
    other.locator("[data-add=context]").click()
    other.keyboard.type("their context")
    other.locator("#compose [type=submit]").click()
    number_in(other)
    page.fill("#f-title", "Mine")
    page.fill("#e2-wording", "my mechanism")
    page.fill("#e1-wording", "my context")
    page.locator("[data-add=outcome]").click()
    page.keyboard.type("my outcome")
    page.locator("#compose [type=submit]").click()
    expect(page.locator("#conflict")).to_be_visible()
    expect(page.locator("#conflict-rows tr")).to_have_count(2)
    titled = page.locator("#conflict-rows tr", has_text="Title")
    titled.get_by_label("Theirs").check()
    page.click("#conflict-take")
    page.locator("#compose [type=submit]").click()
    number_in(page)
    whole = read(page, made)
    assert (whole["title"], len(whole["evidence"])) == ("Theirs", 1)
    assert {(e["wording"], e["qualifier"]) for e in whole["elements"]} == {
        ("my context", None),
        ("their context", None),
        ("my mechanism", None),
        ("the outcome", "much"),
        ("my outcome", None),
    }


def test_an_unsent_change_to_an_older_version_is_offered_beside_the_new(
    page: Page, made: int
) -> None:
    edit = f"{REVIEW}/configurations/{made}/edit"
    page.goto(edit)
    page.fill("#f-title", "Typed long ago")
    page.request.patch(f"{API}/configurations/{made}", data={"title": "Newer"}, headers=ANY)
    page.goto(edit)
    expect(page.locator("#f-title")).to_have_value("Newer")
    expect(page.locator("#conflict")).to_contain_text("Typed long ago")
    page.locator("#conflict-rows").get_by_label("Typed long ago").check()
    page.click("#conflict-take")
    expect(page.locator("#f-title")).to_have_value("Typed long ago")


def test_an_element_left_out_can_be_put_back_until_it_is_sent(page: Page, made: int) -> None:
    page.goto(f"{REVIEW}/configurations/{made}/edit")
    leave = page.locator("[data-element='1'] [data-leave]")
    leave.click()
    expect(page.locator("#sentence")).to_contain_text("If …, then the outcome")
    leave.click()
    expect(page.locator("#sentence")).to_contain_text("If the context, then the outcome")
    leave.click()
    page.locator("#compose [type=submit]").click()
    number_in(page)
    assert [e["role"] for e in read(page, made)["elements"]] == ["mechanism", "outcome"]


def test_own_fields_and_questions_are_filled_in_with_keys(page: Page, made: int) -> None:
    field = {"subject": "configuration", "name": "strength", "type": "number", "label": "Strength"}
    page.request.post(f"{API}/fields", data=field)
    page.goto(f"{REVIEW}/configurations/{made}/edit")
    page.focus("#question-new")
    page.keyboard.type("How does trust grow?")
    page.get_by_label("Strength").focus()
    page.keyboard.type("much")
    page.keyboard.press("Enter")
    strength = page.get_by_label("Strength")
    expect(strength).to_have_attribute("aria-invalid", "true")
    expect(strength).to_be_focused()
    expect(page.locator("#f-fields-strength-told")).to_contain_text("write a number")
    strength.fill("3")
    page.keyboard.press("Enter")
    number_in(page)
    whole = read(page, made)
    assert (whole["questions"], whole["fields"]) == (["How does trust grow?"], {"strength": 3})
    page.goto(f"{REVIEW}/configurations/{made}/edit")
    expect(page.get_by_label("How does trust grow?")).to_be_checked()
