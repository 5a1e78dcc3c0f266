"""Building the evidence table in the browser, and the views it is kept under."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy.orm import Session

from tests.conftest import World
from tests.web.test_chain_pages import sent
from tests.web.test_matrix_pages import API, HOME, SELF, sign_in
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only

PAGE = f"{HOME}/evidence"
THREE = "columns=configuration&columns=quote_text&columns=cite_key"


@pytest.fixture
def coder(world: World, session: Session) -> Iterator[Browser]:
    """A coder of a review with one configuration on words of two sources, and one on none."""
    owner = world.door("owner")
    for key, year in (("Zed2020", 2020), ("Abe2010", 2010)):
        body = {"title": key, "cite_key": key, "year": year}
        assert owner.post(f"{world.base}/sources", json=body).status_code == 201
    evidence = [{"quote": {"source_id": n, "exact": f"words {n}"}} for n in (1, 2)]
    element = {"role": "outcome", "wording": "trust"}
    for pieces in (evidence, []):
        body = {"elements": [element], "evidence": pieces}
        assert owner.post(f"{world.base}/configurations", json=body).status_code == 201
    browser = sign_in(world, session, "coder")
    yield browser
    browser.close()


def headings(page: str) -> list[str]:
    return re.findall(r'<th scope="col"[^>]*>(?:<a class="term"[^>]*>)?([^<]+)', page)


def test_columns_are_added_moved_and_taken_out(coder: Browser) -> None:
    added = coder.get(f"{PAGE}?{THREE}&add=stance").headers["location"]
    page = coder.get(added).text
    assert headings(page) == ["CMOC", "Words quoted", "Cite key", "Stance"]
    [left] = re.findall(r'id="left-cite_key" href="([^"]+)"', page)
    page = coder.get(f"{PAGE}{unescape(left)}").text
    assert headings(page) == ["CMOC", "Cite key", "Words quoted", "Stance"]
    [out] = re.findall(r'id="out-configuration" href="([^"]+)"', page)
    page = coder.get(f"{PAGE}{unescape(out)}").text
    assert headings(page) == ["Cite key", "Words quoted", "Stance"]
    assert 'id="left-cite_key"' not in page


def test_rows_stand_together_by_any_column_in_page_and_file(coder: Browser) -> None:
    page = coder.get(f"{PAGE}?{THREE}&group=cite_key").text
    groups = re.findall(r'scope="rowgroup"[^>]*>(?:<[^>]+>)?([^<]+)', page)
    assert [group.strip() for group in groups] == ["Abe2010", "Zed2020", "none"]
    file = coder.get(f"{API}/evidence-table?{THREE}&group=cite_key&format=csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [row["quote_text"] for row in rows] == ["words 2", "words 1", ""]
    by_year = coder.get(f"{API}/evidence-table?columns=quote_text&group=year&format=json").json()
    assert [next(iter(row.items())) for row in by_year] == [
        ("year", 2010),
        ("year", 2020),
        ("year", None),
    ]


def test_a_group_of_no_column_is_refused_by_name(coder: Browser) -> None:
    refused = coder.get(f"{API}/evidence-table?group=colour")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "group")
    assert "cite_key" in refused.json()["detail"]


def test_the_words_quoted_stand_beside_the_configuration(coder: Browser) -> None:
    names = headings(coder.get(PAGE).text)
    assert names[:3] == ["CMOC", "Outcome", "Words quoted"]


def test_a_table_is_kept_renamed_changed_and_deleted(coder: Browser) -> None:
    page = coder.get(f"{PAGE}?{THREE}&group=cite_key").text
    form = page.partition(f'action="{API}/views"')[2].partition("</form>")[0]
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data[name] = [*data.get(name, []), value]
    answer = coder.post(
        f"{API}/views", data={**data, "title": "Sources", "slug": "by-source"}, headers=SELF
    )
    assert answer.status_code == 303, answer.text
    kept = coder.get(f"{API}/views/by-source").json()
    assert kept["query"] == {
        "columns": ["configuration", "quote_text", "cite_key"],
        "group": "cite_key",
    }
    views = coder.get(f"{HOME}/views").text
    assert sent(coder, views, "Rename Sources", title="By source") == f"{HOME}/views"
    changing = coder.get(f"{PAGE}?per=configuration&view=by-source").text
    assert f'action="{API}/views/by-source"' in changing
    sent(coder, coder.get(f"{HOME}/views").text, "Delete By source")
    assert "None yet" in coder.get(f"{HOME}/views").text


def test_others_may_open_a_view_and_not_change_it(
    world: World, session: Session, coder: Browser
) -> None:
    body = {"slug": "mine", "title": "Mine", "kind": "evidence"}
    assert world.door("owner").post(f"{world.base}/views", json=body).status_code == 201
    page = coder.get(f"{HOME}/views").text
    assert f'href="{PAGE}">Mine<' in page
    assert "Rename" not in page
    editor = sign_in(world, session, "editor")
    assert "Rename Mine" in editor.get(f"{HOME}/views").text
    editor.close()
