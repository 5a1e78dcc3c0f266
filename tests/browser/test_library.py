"""The library in a browser: from a file of references to what is screened, by keys alone."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessibility import check_screens

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

NUMBERS = count(1)
RIS = """TY  - JOUR
AU  - Smith, Jane
PY  - 2019
TI  - {title}
AB  - Partners said that trust grew with early successes <b>slowly</b>.
JO  - Journal of Trust
SP  - {page}
ER  -

"""


def ask(page: Page, path: str, body: Any = None) -> Any:
    url = f"/api/v1/reviews{path}"
    answer = page.request.post(url, data=body) if body is not None else page.request.get(url)
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture
def home(page: Page) -> str:
    """A review of the test's own."""
    slug = f"library-{next(NUMBERS)}"
    ask(page, "", {"slug": slug, "title": f"Library {slug}", "template": "CMO"})
    return f"/{slug}"


@pytest.fixture
def stocked(page: Page, home: str) -> str:
    """A review with five sources and two reasons to exclude."""
    items = [
        {"title": f"Work {n} on trust", "year": 2000 + n, "abstract": "Trust, and partnership."}
        for n in range(1, 6)
    ]
    ask(page, f"{home}/sources/bulk", {"items": items})
    for label in ("Not about collaboration", "Not health care"):
        ask(page, f"{home}/exclusion-reasons", {"stage_id": 1, "label": label})
    return home


@pytest.fixture
def references(tmp_path: Path) -> Path:
    """A file of two references, of which one has no title."""
    path = tmp_path / "found.ris"
    path.write_text(RIS.format(title="Small wins", page=7) + "TY  - JOUR\nAU  - N\nER  -\n")
    return path


def test_a_file_is_looked_at_and_then_imported_without_choosing_it_twice(
    page: Page, home: str, references: Path
) -> None:
    page.goto(f"/reviews{home}/imports")
    page.get_by_label("Where: database").fill("MEDLINE")
    page.get_by_label("Query, as it was typed").fill("trust and\nfaith")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("h1")).to_have_text("MEDLINE")
    page.set_input_files("[name=_file]", references)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator("#preview-title")).to_contain_text("What would change")
    expect(page.locator("#under-way")).to_contain_text("it has no title")
    assert ask(page, f"{home}/sources")["items"] == []
    page.get_by_role("button", name="Import 1 new source").click()
    expect(page.locator("#result-title")).to_have_text("1 source added")
    [source] = ask(page, f"{home}/sources")["items"]
    assert (source["title"], source["container_title"]) == ("Small wins", "Journal of Trust")
    page.get_by_role("button", name="Take the import back").click()
    expect(page.locator("main")).to_contain_text("Import its file")
    assert ask(page, f"{home}/sources")["items"] == []


def test_the_columns_of_a_table_can_be_said_otherwise(
    page: Page, home: str, tmp_path: Path
) -> None:
    ask(page, f"{home}/searches", {"database": "A spreadsheet"})
    table = tmp_path / "table.csv"
    table.write_text("Title,Where it is about\nOn trust,Norway\n")
    page.goto(f"/reviews{home}/imports/1")
    page.set_input_files("[name=_file]", table)
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_label("Where it is about").select_option(label="country")
    page.get_by_role("button", name="Look again").click()
    expect(page.get_by_label("Where it is about")).to_have_value("Where it is about=country")
    page.get_by_role("button", name="Import 1 new source").click()
    expect(page.locator("#result-title")).to_have_text("1 source added")
    assert ask(page, f"{home}/sources")["items"][0]["country"] == "Norway"


def test_records_are_screened_by_keys_alone(page: Page, stocked: str) -> None:
    page.goto(f"/reviews{stocked}/screening/1")
    title = page.locator("#record")
    expect(title).to_have_text("Work 1 on trust")
    for key, said, following in (
        ("i", "include", "Work 2 on trust"),
        ("2", "exclude", "Work 3 on trust"),
        ("s", "", "Work 4 on trust"),
        ("u", "unsure", "Work 5 on trust"),
    ):
        page.keyboard.press(key)
        expect(title).to_have_text(following)
        if said:
            expect(page.locator(".last")).to_contain_text(said)
    page.keyboard.press("z")
    expect(title).to_have_text("Work 4 on trust")
    page.keyboard.press("n")
    page.keyboard.type("include or exclude? I would say")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    expect(page.locator(".last")).to_contain_text("Work 4 on trust")
    decided = ask(page, f"{stocked}/decisions")["items"]
    by_source = {d["source_id"]: (d["verdict"], d["reason_id"], d["note"]) for d in decided}
    note = "include or exclude? I would say"
    assert by_source == {
        1: ("include", None, None),
        2: ("exclude", 2, None),
        4: ("include", None, note),
    }
    assert page.evaluate("document.activeElement.id") == "record"


def test_a_field_drawn_larger_breaks_no_rule_of_the_page(page: Page, stocked: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"/reviews{stocked}/screening/1")
    page.locator("#note").evaluate("field => { field.style.height = '9rem' }")
    page.keyboard.press("i")
    expect(page.locator("#record")).to_have_text("Work 2 on trust")
    page.wait_for_timeout(200)
    assert [text for text in said if "Content Security Policy" in text] == []


def test_focus_taken_as_soon_as_a_page_shows_is_left_alone(page: Page, stocked: str) -> None:
    page.goto(f"/reviews{stocked}/screening/1")
    page.evaluate(
        """() => new MutationObserver((_, watch) => {
            if (!document.querySelector("#record").textContent.includes("Work 2")) return;
            document.querySelector("#note").focus();
            watch.disconnect();
        }).observe(document.body, {childList: true, subtree: true})"""
    )
    page.keyboard.press("i")
    expect(page.locator("#record")).to_have_text("Work 2 on trust")
    page.wait_for_timeout(200)
    assert page.evaluate("document.activeElement.id") == "note"


def test_single_keys_can_be_switched_off(page: Page, stocked: str) -> None:
    page.goto(f"/reviews{stocked}/screening/1")
    page.get_by_text("Keys", exact=True).click()
    page.get_by_label("Single keys do this").uncheck()
    page.locator("#record").focus()
    page.keyboard.press("i")
    page.wait_for_timeout(300)
    assert ask(page, f"{stocked}/decisions")["items"] == []


def test_what_the_server_refuses_is_said_at_its_place(page: Page, stocked: str) -> None:
    ask(page, f"{stocked}/exclusion-reasons", {"stage_id": 2, "label": "No mechanism"})
    page.goto(f"/reviews{stocked}/screening/2?source=1")
    page.locator("#note").fill("p. 4")
    page.get_by_role("button", name="Exclude").click()
    expect(page.locator("#reason [data-told]")).to_contain_text("asks for a reason")
    expect(page.locator("#note")).to_have_value("p. 4")
    page.locator("#record").focus()
    page.keyboard.press("1")
    expect(page.locator("#status")).to_contain_text("S1: exclude")


def test_duplicates_are_judged_side_by_side(page: Page, home: str) -> None:
    twins = [
        {
            "title": f"Trust in mergers number {word}",
            "year": 2011,
            "authors": [{"family": "Smith", "given": given}],
            "csl": {"page": page_},
        }
        for word, page_ in (("alpha", "10"), ("gamma", "30"))
        for given in ("Jane", "J.")
    ]
    ask(page, f"{home}/sources/bulk", {"items": twins})
    page.goto(f"/reviews{home}/duplicates")
    page.get_by_label("Merge at once what is certain").uncheck()
    page.get_by_role("button", name="Look for duplicates").click()
    expect(page.locator("table.pair")).to_be_visible()
    expect(page.locator(".pair mark").first).to_have_text("Jane")
    page.keyboard.press("2")
    page.keyboard.press("m")
    expect(page.locator(".last")).to_contain_text("S2 stands for S1")
    page.keyboard.press("z")
    expect(page.locator("#status")).to_have_text("S1 stands for itself again.")
    assert ask(page, f"{home}/sources/1")["merged_into_id"] is None
    page.keyboard.press("2")
    page.keyboard.press("m")
    expect(page.locator(".last")).to_contain_text("S2 stands for S1")
    page.keyboard.press("k")
    expect(page.locator(".last")).to_contain_text("are kept apart")
    page.keyboard.press("z")
    expect(page.locator("#status")).to_have_text("S3 and S4 again; decide anew.")
    assert ask(page, f"{home}/sources/1")["merged_into_id"] == 2
    page.goto(f"/reviews{home}/duplicates/decided")
    page.get_by_role("button", name="Un-merge S1").click()
    expect(page.locator("main")).to_contain_text("Nothing here yet")
    assert ask(page, f"{home}/sources/1")["merged_into_id"] is None


def test_many_files_go_up_at_once_and_what_waits_is_attached(
    page: Page, stocked: str, tmp_path: Path
) -> None:
    files = {"S2.txt": "A text.", "stray.txt": "Something else altogether.", "empty.txt": ""}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    page.goto(f"/reviews{stocked}/documents")
    page.set_input_files("[name=_file]", [tmp_path / name for name in files])
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("[data-upload-sum]")).to_contain_text("3 of 3 files sent: 1 wait, 1")
    expect(page.locator(".upload-list .attached")).to_contain_text("is the text of S2")
    expect(page.locator(".upload-list .refused")).to_contain_text("empty")
    page.get_by_label("The source, by its number").fill("3")
    page.get_by_role("button", name="Attach it").click()
    expect(page.locator("#status")).to_contain_text("is the text of S3")
    expect(page.locator("#waiting")).to_have_count(0)


def test_a_source_is_added_from_a_pasted_reference_and_edited(page: Page, home: str) -> None:
    page.goto(f"/reviews{home}/sources/new")
    page.locator("#reference").fill(RIS.format(title="Pasted wins", page="7-19"))
    page.get_by_role("button", name="Fill in from it").click()
    expect(page.locator("#f-title")).to_have_value("Pasted wins")
    page.get_by_role("button", name="Add to the library").click()
    expect(page.locator("h1")).to_have_text("Pasted wins")
    page.get_by_role("link", name="Edit the reference").click()
    page.locator("#f-authors-1-family").fill("Miller")
    page.get_by_label("Page", exact=True).fill("8")
    page.get_by_role("button", name="Change it").click()
    expect(page.locator("#status")).to_contain_text("S1 is changed")
    read = ask(page, f"{home}/sources/1")
    assert [name["family"] for name in read["authors"]] == ["Smith", "Miller"]
    assert read["csl"]["page"] == "8"


def test_a_source_is_appraised_with_a_checklist(page: Page, stocked: str) -> None:
    page.goto(f"/reviews{stocked}/sources/1/appraisal")
    page.get_by_role("form", name="Adopt MMAT 2018").get_by_role("button").click()
    form = page.get_by_role("form", name="Judge its rigour")
    form.get_by_label("Moderate").check()
    form.locator("#new-rigour-1-1-1").check()
    form.locator("#new-rigour-1-1-note").fill("see p. 3")
    form.get_by_text("Qualitative", exact=True).last.click()
    form.locator("#new-rigour-2-1-3").check()
    form.get_by_label("Why").fill("Interviews only")
    form.get_by_role("button", name="Judge its rigour").click()
    expect(page.locator("#status")).to_have_text("Judged: moderate.")
    [judged] = ask(page, f"{stocked}/appraisals")["items"]
    assert judged["answers"] == {
        "S1": {"answer": "yes", "note": "see p. 3"},
        "1.1": {"answer": "cant_tell", "note": None},
    }


SCREENS = (
    *("sources", "sources/1/edit", "sources/1/screening", "sources/1/appraisal"),
    *("sources/1/records", "duplicates/decided", "screening", "screening/1", "screening/stages"),
    *("screening/1/conflicts", "screening/1/checks", "screening/retrieval"),
    "documents/verification",
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_these_screens(page: Page, stocked: str, scheme: str) -> None:
    check_screens(page, scheme, [f"/reviews{stocked}/{screen}" for screen in SCREENS])
