"""Quotes through the API: found in their source, tied to concepts, never rewritten."""

from typing import Any

import pytest

from tests.conftest import Door, World

TEXT = (
    "Partners began to trust each other.\f"
    "Later they said \u201cwe trust you\u201d, and co-\noperated.\n"
    "In the end trust was all."
)


@pytest.fixture
def library(world: World, coder: Door) -> None:
    """S1 with a text of two pages, S2 without any."""
    items = [{"title": "With text"}, {"title": "Without"}]
    coder.post(f"{world.base}/sources/bulk", json={"items": items})
    put_text(coder, world, 1, TEXT)


def put_text(door: Door, world: World, source: int, text: str) -> None:
    answer = door.post(
        f"{world.base}/sources/{source}/documents",
        params={"file_name": "a.txt"},
        content=text.encode(),
        headers={"Content-Type": "text/plain; charset=utf-8"},
    )
    assert answer.status_code == 201, answer.text


def add(door: Door, world: World, exact: str, **fields: Any) -> dict[str, Any]:
    body = {"source_id": 1, "exact": exact} | fields
    answer = door.post(f"{world.base}/quotes", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def change(door: Door, world: World, number: int, **fields: Any) -> dict[str, Any]:
    answer = door.patch(f"{world.base}/quotes/{number}", json=fields, headers={"If-Match": "*"})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("exact", "verification", "words", "page"),
    [
        ("Partners began", "exact", "Partners began", "1"),
        ('said "we trust you", and', "normalised", "said \u201cwe trust you\u201d, and", "2"),
        ("and cooperated", "normalised", "and co-\noperated", "2"),
        ("In the end trusts were all", "approximate", "In the end trust was all", "2"),
        ("never written", "not_found", None, None),
    ],
)
def test_a_passage_is_looked_for_and_kept_to_the_letter(
    world: World, coder: Door, exact: str, verification: str, words: str | None, page: str | None
) -> None:
    made = add(coder, world, exact)
    assert (made["exact"], made["verification"], made["page"]) == (exact, verification, page)
    assert (made["score"] is not None) == (verification == "approximate")
    start, end = made["start_at"], made["end_at"]
    assert (None if start is None else TEXT[start:end]) == words
    read = coder.get(f"{world.base}/quotes/{made['id']}").json()
    assert read == {name: value for name, value in made.items() if name != "candidates"}


@pytest.mark.usefixtures("library")
def test_an_ambiguous_passage_offers_places_to_choose_from(world: World, coder: Door) -> None:
    made = add(coder, world, "trust")
    assert (made["verification"], made["start_at"]) == ("ambiguous", None)
    assert [place["start_at"] for place in made["candidates"]] == [18, 56, 97]
    assert coder.get(f"{world.base}/quotes/1/candidates").json()["items"] == made["candidates"]
    chosen = change(coder, world, made["id"], start_at=56)
    assert (chosen["verification"], chosen["start_at"], chosen["end_at"]) == ("exact", 56, 61)
    assert (chosen["page"], chosen["prefix"][-3:], chosen["candidates"]) == ("2", "we ", [])
    other = change(coder, world, made["id"], start_at=18)
    assert (other["page"], other["prefix"][-3:], other["suffix"][:3]) == ("1", "to ", " ea")


@pytest.mark.usefixtures("library")
def test_context_and_position_choose_among_places(world: World, coder: Door) -> None:
    assert add(coder, world, "trust", prefix="the end ")["start_at"] == 97
    assert add(coder, world, "trust", suffix=" each")["start_at"] == 18
    assert add(coder, world, "trust", start_at=56, end_at=61)["start_at"] == 56
    kept = add(coder, world, "trust", prefix="the  end", page="xii")
    assert (kept["prefix"], kept["page"], kept["start_at"]) == ("the  end", "xii", 97)
    elsewhere = add(coder, world, "Partners", start_at=50, end_at=58)
    assert (elsewhere["start_at"], elsewhere["verification"]) == (0, "exact")


@pytest.mark.usefixtures("library")
def test_other_words_are_anchored_anew_and_can_be_taken_back(
    world: World, coder: Door, editor: Door
) -> None:
    before = add(coder, world, "Partners began", note="n")
    after = change(coder, world, 1, exact="In the end")
    assert (TEXT[after["start_at"] : after["end_at"]], after["page"]) == ("In the end", "2")
    assert (after["suffix"], after["prefix"][-5:]) == (" trust was all.", "ted.\n")
    last = editor.get(f"{world.base}/history").json()["items"][-1]["id"]
    assert editor.post(f"{world.base}/history/{last}/undo").status_code == 200
    now = coder.get(f"{world.base}/quotes/1").json() | {"candidates": [], "version": 1}
    assert now == before
    assert change(coder, world, 1, note=None, page="7")["start_at"] == 0
    assert change(coder, world, 1, exact="began to")["page"] == "7"
    assert change(coder, world, 1, exact="nowhere at all")["verification"] == "not_found"


@pytest.mark.usefixtures("library")
def test_words_that_stand_nowhere_lose_the_context_of_those_before(
    world: World, coder: Door
) -> None:
    assert add(coder, world, "began to trust")["prefix"]
    changed = change(coder, world, 1, exact="never written")
    assert changed["verification"] == "not_found"
    assert (changed["prefix"], changed["suffix"]) == (None, None)
    add(coder, world, "nowhere either", prefix="they say ")
    assert change(coder, world, 2, exact="nor here")["prefix"] == "they say "


@pytest.mark.usefixtures("library")
def test_a_new_document_finds_the_quotes_that_waited(world: World, coder: Door) -> None:
    found = add(coder, world, "Partners began")
    waiting = add(coder, world, "a second edition")
    without = add(coder, world, "we trust", source_id=2, start_at=3)
    assert (waiting["verification"], without["verification"]) == ("not_found", "no_document")
    put_text(coder, world, 1, "This is a second edition.")
    put_text(coder, world, 2, "we trust; we trust")

    def read(number: int) -> tuple[str, int, int | None]:
        quote = coder.get(f"{world.base}/quotes/{number}").json()
        return quote["verification"], quote["document_id"], quote["start_at"]

    assert read(found["id"]) == ("exact", 1, 0)
    assert read(waiting["id"]) == ("exact", 2, 8)
    assert read(without["id"]) == ("exact", 3, 0)
    newest = add(coder, world, "Partners began")
    assert (newest["document_id"], newest["verification"]) == (2, "not_found")
    assert add(coder, world, "Partners began", document_id=1)["start_at"] == 0


@pytest.mark.usefixtures("library")
def test_quotes_over_the_limit_are_kept_and_flagged(world: World, coder: Door) -> None:
    long, short = add(coder, world, "word " * 51), add(coder, world, "word " * 50)
    assert (long["words"], long["is_too_long"]) == (51, True)
    assert (short["words"], short["is_too_long"]) == (50, False)
    for flag, quote in ((True, long), (False, short)):
        listed = coder.get(f"{world.base}/quotes", params={"is_too_long": flag}).json()["items"]
        assert [item["id"] for item in listed] == [quote["id"]]


@pytest.mark.usefixtures("library")
def test_filters_hold_together(world: World, coder: Door, editor: Door) -> None:
    concepts = {"items": [{"label": "trust"}, {"label": "reliance"}]}
    editor.post(f"{world.base}/concepts/bulk", json=concepts)
    editor.post(f"{world.base}/concepts/2/merge", json={"into_id": 1})
    add(coder, world, "Partners began", concepts=[2, 2])
    add(coder, world, "die STRASSE", is_parked=True)
    add(editor, world, "elsewhere", source_id=2, concepts=[1])

    def numbers(**wish: Any) -> list[int]:
        items = coder.get(f"{world.base}/quotes", params=wish).json()["items"]
        return [quote["id"] for quote in items]

    assert numbers(source_id=1) == [1, 2]
    assert numbers(document_id=1, verification="exact") == [1]
    assert numbers(verification="no_document") == [3]
    assert numbers(concept_id=1) == numbers(concept_id=2) == [1, 3]
    assert numbers(concept_id=1, source_id=2) == [3]
    assert numbers(concept_id=9) == []
    assert numbers(is_parked=True) == numbers(text="Straße") == [2]
    assert numbers(created_by=world.users["editor"].id) == [3]


@pytest.mark.usefixtures("library")
def test_concepts_are_tied_once_and_untied(world: World, coder: Door, editor: Door) -> None:
    editor.post(f"{world.base}/concepts", json={"label": "trust"})
    add(coder, world, "Partners began")
    url = f"{world.base}/quotes/1/concepts/1"
    assert coder.put(url).status_code == 428
    tied = coder.put(url, headers={"If-Match": '"1"'})
    assert (tied.json()["concepts"], tied.headers["etag"]) == ([1], '"2"')
    again = coder.put(url, headers={"If-Match": '"2"'})
    assert (again.json()["concepts"], again.headers["etag"]) == ([1], '"2"')
    missing = coder.put(f"{world.base}/quotes/1/concepts/7", headers={"If-Match": "*"})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "concept_id")
    untied = coder.delete(url, headers={"If-Match": '"2"'})
    assert (untied.json()["concepts"], untied.headers["etag"]) == ([], '"3"')


@pytest.mark.usefixtures("library")
def test_a_deleted_quote_comes_back_with_its_codings(
    world: World, coder: Door, editor: Door
) -> None:
    editor.post(f"{world.base}/concepts", json={"label": "trust"})
    add(coder, world, "Partners began", concepts=[1])
    url = f"{world.base}/quotes/1"
    assert coder.delete(url, headers={"If-Match": '"1"'}).status_code == 204
    assert coder.get(url).status_code == 410
    editor.post(f"{world.base}/history/restore", json={"kind": "Q", "number": 1})
    assert coder.get(url).json()["concepts"] == [1]


@pytest.mark.usefixtures("library")
def test_a_quote_that_comes_back_is_looked_for_in_what_came_meanwhile(
    world: World, coder: Door
) -> None:
    number = add(coder, world, "trust was all", source_id=2)["id"]
    url = f"{world.base}/quotes/{number}"
    assert coder.delete(url, headers={"If-Match": "*"}).status_code == 204
    put_text(coder, world, 2, "In the end trust was all.")
    wish = {"kind": "Q", "number": number}
    taken = coder.post(f"{world.base}/history/restore", json=wish).json()["change_set"]
    back = coder.get(url).json()
    assert (back["verification"], back["start_at"]) == ("exact", 11)
    assert coder.post(f"{world.base}/history/{taken}/undo").status_code == 200
    assert coder.get(url).status_code == 410


@pytest.mark.usefixtures("library")
def test_a_document_that_comes_back_is_searched_for_the_quotes_that_wait(
    world: World, coder: Door
) -> None:
    put_text(coder, world, 2, "In the end trust was all.")
    number = coder.get(f"{world.base}/sources/2/documents").json()["items"][-1]["id"]
    assert coder.delete(f"{world.base}/documents/{number}", headers={"If-Match": "*"}).is_success
    quote = add(coder, world, "trust was all", source_id=2)
    assert quote["verification"] == "no_document"
    wish = {"kind": "D", "number": number}
    assert coder.post(f"{world.base}/history/restore", json=wish).is_success
    back = coder.get(f"{world.base}/quotes/{quote['id']}").json()
    assert (back["verification"], back["document_id"]) == ("exact", number)


@pytest.mark.usefixtures("library")
def test_coders_change_their_own_quotes_only(world: World, coder: Door, editor: Door) -> None:
    add(editor, world, "Partners began")
    any_version = {"If-Match": "*"}
    url = f"{world.base}/quotes/1"
    assert coder.patch(url, json={"note": "x"}, headers=any_version).status_code == 403
    assert coder.delete(url, headers=any_version).status_code == 403
    assert editor.patch(url, json={"note": "x"}, headers=any_version).status_code == 200


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"source_id": 9}, "source_id"),
        ({"document_id": 9}, "document_id"),
        ({"source_id": 2, "document_id": 1}, "document_id"),
        ({"concepts": [9]}, "concepts.0"),
        ({"start_at": 5, "end_at": 5}, "body.end_at"),
        ({"start_at": 5, "end_at": 2}, "body.end_at"),
        ({"end_at": 2}, "body.end_at"),
        ({"start_at": -1}, "body.start_at"),
        ({"start_at": 10**30}, "body.start_at"),
        ({"exact": ""}, "body.exact"),
        ({"exact": " \u00a0\n"}, "body.exact"),
        ({"exact": "a\x00"}, "body.exact"),
        ({"exact": "x" * 1_000_000}, "body.exact"),
        ({"exact": None}, "body.exact"),
        ({"verification": "exact"}, "body.verification"),
    ],
)
def test_bad_fields_are_named_and_nothing_goes_in(
    world: World, coder: Door, fields: dict[str, Any], field: str
) -> None:
    good = {"source_id": 1, "exact": "Partners"}
    answer = coder.post(f"{world.base}/quotes", json=good | fields)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == field
    bulk = coder.post(f"{world.base}/quotes/bulk", json={"items": [good, good | fields]})
    assert bulk.status_code == 422
    assert "items.1" in bulk.json()["errors"][0]["field"]
    assert coder.get(f"{world.base}/quotes").json()["items"] == []


@pytest.mark.usefixtures("library")
def test_many_quotes_go_in_together(world: World, coder: Door) -> None:
    items = [{"source_id": 1, "exact": exact} for exact in ("Partners", "trust", "Later")]
    answer = coder.post(f"{world.base}/quotes/bulk", json={"items": items})
    assert answer.status_code == 201
    assert [(q["id"], q["verification"], len(q["candidates"])) for q in answer.json()] == [
        (1, "exact", 0),
        (2, "ambiguous", 3),
        (3, "exact", 0),
    ]


def test_a_source_of_another_review_is_not_there(world: World, owner: Door) -> None:
    owner.post("/api/v1/reviews", json={"slug": "mergers", "title": "Mergers"})
    owner.post("/api/v1/reviews/mergers/sources", json={"title": "theirs"})
    answer = owner.post(f"{world.base}/quotes", json={"source_id": 1, "exact": "x"})
    assert answer.json()["errors"] == [
        {"field": "source_id", "message": "there is no S1 in this review"}
    ]


def test_a_deleted_source_is_told_from_one_never_given(world: World, coder: Door) -> None:
    coder.post(f"{world.base}/sources", json={"title": "t"})
    coder.delete(f"{world.base}/sources/1", headers={"If-Match": "*"})
    answer = coder.post(f"{world.base}/quotes", json={"source_id": 1, "exact": "x"})
    assert "S1 was deleted" in answer.json()["errors"][0]["message"]
