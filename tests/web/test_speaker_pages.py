"""Speakers of a transcript and the names behind their pseudonyms, through plain forms."""

import pytest

from tests.conftest import World
from tests.library.screening_material import done
from tests.web.test_library_pages import API, Seat, seats
from tests.web.test_pages import queries

__all__ = ["queries", "seats"]

pytestmark = pytest.mark.sqlite_only

HERE = "/documents/1/speakers"
TEXT = "Mary Smith: We met weekly.\nBo: Yes.\nMary Smith: It helped.\nBo: It did.\n"


@pytest.fixture
def stored(world: World) -> None:
    door = world.door("editor")
    done(door.post(f"{API}/sources", json={"title": "Interview", "kind": "transcript"}))
    answer = door.post(
        f"{API}/sources/1/documents",
        params={"file_name": "talk.txt"},
        content=TEXT.encode(),
        headers={"Content-Type": "text/plain"},
    )
    done(answer)


@pytest.mark.usefixtures("stored")
def test_a_speaker_gets_a_pseudonym_and_the_name_is_forgotten(
    world: World, seats: dict[str, Seat]
) -> None:
    seat = seats["editor"]
    assert HERE in seat.open("/documents/1")
    page = seat.post_form(HERE, "/pseudonyms", 0, **{"items.0.pseudonym": "Nurse 3"})
    assert "the text was kept with the name" in page
    [kept] = done(world.door("editor").get(f"{API}/pseudonyms"))["items"]
    assert (kept["name"], kept["pseudonym"]) == ("Mary Smith", "Nurse 3")
    more = {"items.0.name": "Dr Smith", "items.0.pseudonym": "Nurse 3", "items.0.note": "a nurse"}
    assert "Dr Smith" in seat.post_form(HERE, "/pseudonyms", -1, **more)
    assert "Dr Smith" not in seat.post_form(HERE, "/pseudonyms/2")


@pytest.mark.usefixtures("stored")
def test_whoever_may_not_see_names_sees_none_and_where_they_go(
    world: World, seats: dict[str, Seat]
) -> None:
    body = {"items": [{"name": "Robert Ek", "pseudonym": "Bo"}]}
    done(world.door("editor").post(f"{API}/pseudonyms", json=body))
    assert "Robert Ek" in seats["editor"].open(HERE)
    for who in ("reader", "coder"):
        page = seats[who].open(HERE)
        assert "Robert Ek" not in page
        assert "/pseudonyms" not in page.partition("<main")[2]
        assert "This list never leaves in an export, unless" in page
        assert "Who may see them: editor, owner." in page


@pytest.mark.usefixtures("stored")
def test_a_text_is_sent_with_pseudonyms_in_the_place_of_names(
    world: World, seats: dict[str, Seat]
) -> None:
    seat, asks = seats["coder"], "Names that have pseudonyms"
    assert asks not in seat.open("/documents") + seat.open("/sources/1")
    body = {"items": [{"name": "Mary Smith", "pseudonym": "Nurse 3"}]}
    done(world.door("editor").post(f"{API}/pseudonyms", json=body))
    for page, action in (("/documents", "/documents"), ("/sources/1", "/sources/1/documents")):
        assert asks in seat.open(page)
        file = ("talk.txt", f"At {page}\n{TEXT}".encode(), "text/plain")
        kept = {"_query.pseudonymise": "true"}
        seat.post_form(page, action, _file=file, **kept)
    texts = [done(world.door("coder").get(f"{API}/documents/{n}/text")) for n in (2, 3)]
    assert ["Nurse 3: We met" in str(text) for text in texts] == [True, True]
    assert "Mary Smith" not in str(texts)


@pytest.mark.usefixtures("stored")
def test_speakers_are_said_by_hand_and_the_page_asks_little(
    world: World, seats: dict[str, Seat], queries: list[str]
) -> None:
    page = seats["editor"].post_form(HERE, "/documents/1/speakers", **{"speakers[/]": "Bo"})
    assert '<th scope="row" class="said">Bo</th><td class="figure-cell">2</td>' in page
    assert done(world.door("reader").get(f"{API}/documents/1"))["speakers"] == ["Bo"]
    queries.clear()
    seats["editor"].open(HERE)
    assert len([q for q in queries if not q.startswith(("SAVEPOINT", "RELEASE"))]) <= 20
