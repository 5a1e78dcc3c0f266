"""Appraisal in the review as a whole, and its forms, through plain forms without a script."""

from html import unescape

import pytest

from tests.conftest import World
from tests.library.screening_material import TITLE, Desk, done
from tests.web.test_library_pages import API, HOME, Seat, seats
from tests.web.test_pages import queries

__all__ = ["queries", "seats"]

pytestmark = pytest.mark.sqlite_only

FORMS = "/appraisal/forms"
TO = "/appraisal-forms"


def judge(world: World, who: str, source: int, level: str, **more: str | int) -> None:
    body = {"dimension": "rigour", "source_id": source, "level": level, **more}
    done(world.door(who).post(f"{API}/appraisals", json=body))


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, sources=4)


@pytest.mark.usefixtures("desk")
def test_the_overview_tells_where_sources_stand_and_on_what_appraisers_differ(
    world: World, seats: dict[str, Seat]
) -> None:
    judge(world, "coder", 1, "low")
    judge(world, "editor", 1, "high")
    judge(world, "coder", 2, "low")
    text = seats["reader"].open("/appraisal")
    assert f'href="{HOME}/sources?rigour=low">low 1</a>' in text
    assert f'href="{HOME}/sources?rigour=disputed"><strong>1</strong>' in text
    assert f'href="{HOME}/sources?rigour=none">2</a>' in text
    assert "Coder low, Editor high" in text
    answer = seats["reader"].get(f"{HOME}/sources?rigour=none")
    assert "Work 3" in answer.text


@pytest.mark.usefixtures("desk")
def test_agreement_of_appraisers_is_of_what_two_judged(
    world: World, seats: dict[str, Seat]
) -> None:
    assert "nothing was judged by two yet" in seats["reader"].open("/appraisal/agreement")
    for source, one, other in ((1, "low", "low"), (2, "high", "high"), (3, "high", "low")):
        judge(world, "coder", source, one)
        judge(world, "editor", source, other)
    judge(world, "editor", 3, "low", is_consensus=True)
    text = seats["reader"].open("/appraisal/agreement")
    assert "Coder, Editor" in text
    assert '<td class="figure-cell">3</td><td class="figure-cell">67 %</td>' in text
    assert '<td class="figure-cell">0.40</td>' in text


def test_agreement_of_screeners_stands_apart_from_what_was_checked(
    desk: Desk, seats: dict[str, Seat]
) -> None:
    assert "kappa" not in seats["reader"].open("/screening")
    for source, verdict in ((1, "include"), (2, "exclude"), (3, "include")):
        desk.decide(source, TITLE, verdict)
        desk.decide(source, TITLE, "exclude" if source > 1 else "include", who="editor")
    number = desk.get("decisions?source_id=1")["items"][0]["id"]
    done(desk.door("editor").post(f"{API}/decisions/{number}/checks", json={"agrees": True}))
    text = seats["reader"].open("/screening")
    assert "1 upheld" in text
    row = text.partition('id="agreement"')[2].partition("</table>")[0]
    assert '<td class="figure-cell">3</td><td class="figure-cell">2</td>' in row
    assert '<td class="figure-cell">67 %</td><td class="figure-cell">0.40</td>' in row


@pytest.mark.usefixtures("desk")
def test_a_shipped_form_is_adopted_reworded_withdrawn_and_offered_again(
    world: World, seats: dict[str, Seat]
) -> None:
    seat = seats["editor"]
    page = seat.post_form(FORMS, f"{TO}/adopt")
    assert "<h1>MMAT 2018</h1>" in page
    assert "The findings come out of the data" in page
    judge(world, "coder", 1, "low", form_id=1)
    edit = {f"{name}.{n}.{part}": said for name, n, part, said in FIRST_WORDING}
    page = seat.post_form(f"{FORMS}/1/edit", f"{TO}/1/wordings", 0, **edit)
    assert "Wording 2" in page
    form = done(world.door("reader").get(f"{API}{TO}/1"))
    newest = form["wordings"][-1]
    assert [item["key"] for item in newest["items"]] == ["A2", "A1"]
    assert newest["items"][1]["answers"] == ["yes", "partly"]
    assert [said["level"] for said in newest["levels"]] == ["good", "poor"]
    assert "What was collected can answer that" in seat.open(f"{FORMS}/1?wording=1")
    page = seat.post_form(f"{FORMS}/1", f"{TO}/1", 1, **{"is_retired#": "true"})
    assert "Nothing new is judged with it" in page
    assert "?form=1#rigour" not in seats["coder"].open("/sources/2/appraisal")
    seat.post_form(f"{FORMS}/1", f"{TO}/1", 1, **{"is_retired#": "false"})
    assert "?form=1#rigour" in seats["coder"].open("/sources/2/appraisal")
    assert "Delete the form" not in seat.open(f"{FORMS}/1")


FIRST_WORDING = (
    *(("levels", 0, "^", "2"), ("levels", 0, "level", "poor")),
    *(("levels", 1, "^", "1"), ("levels", 1, "level", "good")),
    *(("items", 0, "^", "2"), ("items", 0, "key", "A1"), ("items", 0, "text", "First?")),
    ("items", 0, "answers[/]?", "yes\npartly"),
    *(("items", 1, "^", "1.5"), ("items", 1, "key", "A2"), ("items", 1, "text", "Second?")),
    *(("items", 2, "^", ""), ("items", 2, "key", "A3"), ("items", 2, "text", "Third?")),
    *(("items", 3, "^?", "4"), ("items", 3, "answers[/]?", "yes\nno")),
)


@pytest.mark.usefixtures("desk")
def test_a_form_is_copied_with_all_it_has_and_another_written_from_nothing(
    world: World, seats: dict[str, Seat]
) -> None:
    seat = seats["editor"]
    text = unescape(seat.open(f"{FORMS}/new?shipped=mmat-2018"))
    assert 'value="MMAT 2018, our version"' in text
    assert text.count('name="items.') > 27 * 5
    edit = {f"{name}.{n}.{part}": said for name, n, part, said in FIRST_WORDING}
    page = seat.post_form(f"{FORMS}/new?dimension=richness", TO, 0, title="Ours", **edit)
    assert "<h1>Ours</h1>" in page
    [form] = done(world.door("reader").get(f"{API}{TO}"))["items"]
    assert (form["title"], form["dimension"]) == ("Ours", "richness")
    assert 'value="Ours, our version"' in seat.open(f"{FORMS}/new?of=1")
    answer = seat.get(f"{HOME}{FORMS}/new?shipped=nonsense")
    assert (answer.status_code, "mmat-2018" in answer.text) == (404, True)
    listed = seat.post_form(f"{FORMS}/1", f"{TO}/1", 2)
    assert "No form yet" in listed


@pytest.mark.usefixtures("desk")
def test_these_pages_ask_little_of_the_database_and_readers_are_offered_no_change(
    world: World, seats: dict[str, Seat], queries: list[str]
) -> None:
    for name in ("mmat-2018", "relevance", "richness", "rigour"):
        done(world.door("editor").post(f"{API}{TO}/adopt", json={"name": name}))
    for source in (1, 2):
        for who, level in (("coder", "low"), ("editor", "high")):
            judge(world, who, source, level, form_id=1)
    parts = ("", "/agreement", "/forms", "/forms/1", "/forms/1/edit", "/forms/new?of=1")
    for part in parts:
        queries.clear()
        seats["editor"].open(f"/appraisal{part}")
        sent = [q for q in queries if not q.startswith(("SAVEPOINT", "RELEASE"))]
        assert (part, len(sent) <= 20) == (part, True), sent
    assert "<form" not in seats["reader"].open(FORMS).partition("<main")[2]
    assert "<form" not in seats["reader"].open(f"{FORMS}/1").partition("<main")[2]
    assert seats["coder"].get(f"{HOME}{FORMS}/1/edit").status_code == 403
