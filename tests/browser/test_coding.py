"""The codebook, configurations and links, worked on with scripts: what is quick, kept and said."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import check_screens

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

HOME = "/reviews/synthesis-screens"
API = f"/api/v1{HOME}"
SCREENS = (
    *("concepts", "concepts?edit=1", "concepts/1", "concepts/alike", "concepts/2/merge?into=K1"),
    *("concepts/1/split", "configurations", "configurations/1", "configurations/1/evidence"),
    *("configurations/1/mirror", "quotes", "quotes/1", "links", "links/1", "links/new", "memos"),
    *(f"configurations/{what}?ids=1&ids=2" for what in ("compare", "consolidate", "change")),
    "memos/1",
)


def send(page: Page, path: str, body: dict[str, Any]) -> Any:
    answer = page.request.post(f"{API}/{path}" if path else "/api/v1/reviews", data=body)
    assert answer.ok, answer.text()
    return answer.json()


def read(page: Page, path: str) -> Any:
    answer = page.request.get(f"{API}/{path}")
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture
def review(page: Page) -> Iterator[Page]:
    """A review of our own, made once: near-duplicate concepts, configurations, a quote, a link."""
    if page.request.get(API).ok:
        yield page
        return
    send(page, "", {"slug": "synthesis-screens", "title": "Screens of synthesis"})
    send(page, "sources", {"title": "On promises"})
    for label, parent in (("targets", None), ("target", None), ("trust", None), ("deep trust", 3)):
        send(page, "concepts", {"label": label, "parent_id": parent})
    for n in range(1, 6):
        elements = [
            {"role": "context", "wording": f"targets {n}", "concept_id": 1 + n % 2},
            {"role": "mechanism", "wording": "promises are kept"},
            {"role": "outcome", "wording": f"trust {n}", "concept_id": 3, "state": "increased"},
        ]
        send(page, "configurations", {"title": f"Promise {n}", "elements": elements})
    send(page, "quotes", {"source_id": 1, "exact": "they kept their word", "is_parked": True})
    send(page, "links", {"kind": "feeds", "from_id": 1, "to_id": 2, "reason": "so it goes"})
    send(
        page, "memos", {"kind": "reconcile", "text": "Both.", "subject_kind": "C", "subject_id": 1}
    )
    yield page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_these_screens(review: Page, scheme: str) -> None:
    check_screens(review, scheme, [f"{HOME}/{screen}" for screen in SCREENS])


def test_a_folded_tree_stays_folded_and_an_entry_is_renamed_by_keys(review: Page) -> None:
    review.goto(f"{HOME}/concepts")
    below = review.locator("#K4")
    expect(below).to_be_visible()
    review.get_by_role("button", name="What is below trust").press("Enter")
    expect(below).to_be_hidden()
    review.reload()
    expect(below).to_be_hidden()
    review.get_by_role("link", name="Rename, move trust").press("Enter")
    label = review.locator("#edit-label")
    expect(label).to_be_focused()
    label.fill("trust in partners")
    label.press("Enter")
    expect(review.locator("#status")).to_have_text("K3 trust in partners: changed.")
    expect(review.locator("#K3")).to_contain_text("trust in partners")
    review.get_by_role("button", name="What is below trust in partners").press("Enter")
    expect(below).to_be_visible()


def test_a_refused_merge_says_why_in_place_and_a_suggested_one_is_made(review: Page) -> None:
    review.goto(f"{HOME}/concepts/alike")
    pair = review.locator(".pair", has_text="target").first
    expect(pair).to_contain_text("reads like")
    pair.get_by_role("link", name="See what merging changes").press("Enter")
    expect(review.locator("table")).to_contain_text("Matrix of contexts by outcomes")
    button = review.get_by_role("button", name="Merge K")
    button.press("Enter")
    expect(review.locator("#status")).to_contain_text("is counted under")
    review.get_by_role("button", name="Unmerge").press("Enter")
    expect(review.locator("#status")).to_contain_text("stands for itself again")
    assert not any(concept["merged_into_id"] for concept in read(review, "concepts")["items"])


def test_rows_are_ticked_in_a_stretch_and_changed_together(review: Page) -> None:
    review.goto(f"{HOME}/configurations?kind=raw")
    review.locator("#t1").check()
    review.locator("#t3").click(modifiers=["Shift"])
    expect(review.locator("[data-ticked]")).to_have_text("3 ticked")
    review.get_by_role("button", name="Change together").press("Enter")
    review.get_by_label("Status").select_option("checked")
    review.get_by_role("button", name="Change 3 configurations").press("Enter")
    expect(review.locator("#status")).to_contain_text("3 configurations were changed")
    stati = [one["status"] for one in read(review, "configurations?kind=raw")["items"][:4]]
    assert stati == ["checked", "checked", "checked", "draft"]


def test_what_is_typed_to_consolidate_is_kept_until_it_is_sent(review: Page) -> None:
    page = f"{HOME}/configurations/consolidate?ids=4&ids=5"
    review.goto(page)
    review.get_by_label("What they share").fill("promises kept")
    review.reload()
    expect(review.get_by_label("What they share")).to_have_value("promises kept")
    review.get_by_role("button", name="Consolidate 2 configurations").press("Enter")
    expect(review.locator("#status")).to_contain_text("stands for 2 configurations now")
    expect(review.locator("main")).to_contain_text("promises kept")
    review.goto(page)
    expect(review.get_by_label("What they share")).to_have_value("")


def test_choices_are_offered_by_name_and_history_opens_in_place(review: Page) -> None:
    review.goto(f"{HOME}/quotes/1")
    field = review.locator("#tie-concept")
    field.focus()
    expect(review.locator("#concepts option")).not_to_have_count(0)
    expect(field).to_be_focused()
    field.fill("nonsense")
    review.get_by_role("button", name="Tie the concept").press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("K3 trust")
    review.get_by_role("button", name="Tie the concept").press("Enter")
    expect(review.locator("#status")).to_have_text("The concept is tied.")
    review.locator(".its-history summary").press("Enter")
    expect(review.locator(".its-history .list")).to_contain_text("Q1")
