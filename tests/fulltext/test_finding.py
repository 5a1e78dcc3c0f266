"""Searching a review: what is found, in which order, shown how; alike on both stores."""

from itertools import count
from typing import Any

import pytest

from app.fulltext import candidates
from tests.conftest import Door, World
from tests.fulltext.material import PAPER, fill, post, search, things, upload

FOUND = {
    "trust": ["S1", "K1", "C1", "M1", "Q1", "D1", "D1"],
    "TRUST slowly": ["Q1", "D1"],
    "trust OR faith": ["S1", "K2", "S2", "K1", "Q2", "C1", "M1", "Q1", "D1", "D1"],
    "trust -slowly": ["S1", "K1", "C1", "M1", "D1"],
    "trust NOT slowly kind:memo,concept": ["K1", "M1"],
    '"built trust"': ["Q1"],
    '"trust built"': [],
    '"trust boards"': [],
    '"building trust" in:title': ["S1"],
    "faith in:title": ["K2", "S2"],
    "title:faith": ["K2", "S2"],
    'title:"building trust"': ["S1"],
    "Title:trust 10.1000": ["S1"],
    "author:health -title:faith": ["S1"],
    "authors:zebra OR title:faith": ["K2", "S2"],
    "vertrau*": ["K1"],
    "信任": ["K1"],
    "任信": [],
    "STRASSE": ["M1"],
    "ΣΟΦΌΣ": ["M1"],
    "muller-łącki": ["S1"],
    "müllerłącki": [],
    "king's": ["S1"],
    "10.1000/trust.3.5": ["S1"],
    "doi:10.1000/TRUST.3.5": ["S1"],
    "3.5": ["S1"],
    "mueller2013": ["S1"],
    "health place in:names": ["S1"],
    "collaborate": ["D1"],
    "vulnerability": ["K1"],
    "strong": ["Q1"],
    "competition": ["C1"],
    "competition long": ["C1"],
    "trust source:S1": ["S1", "K1", "Q1", "D1", "D1"],
    "trust source:S2": ["C1"],
    "faith -source:S2": ["K2", "S1"],
    "trust year:2010..2015": ["S1", "Q1", "D1", "D1"],
    "faith year:..1999": ["S2", "Q2"],
    "trust year:2014..": [],
    "trust concept:K1": ["K1", "Q1"],
    "trust concept:K1*": ["K1", "C1", "Q1"],
    "trust -concept:1*": ["S1", "M1", "D1", "D1"],
    "r:1 s:1": [],
}


def test_finds_what_holds_the_words_best_first(world: World, owner: Door, reader: Door) -> None:
    fill(owner, world)
    assert {query: things(reader, world, query) for query in FOUND} == FOUND


def test_a_hit_says_what_it_is_and_what_matched(world: World, owner: Door, reader: Door) -> None:
    fill(owner, world)
    [hit] = search(reader, world, "built slowly")["items"]
    assert hit == {
        "thing": "Q1",
        "kind": "Q",
        "number": 1,
        "label": "mueller2013",
        "source_id": 1,
        "page": None,
        "start": None,
        "end": None,
        "merged_into": None,
        "snippet": {
            "field": "exact",
            "text": "we built trust, slowly",
            "ranges": [[3, 8], [16, 22]],
            "markup": "we <mark>built</mark> trust, <mark>slowly</mark>",
        },
        "score": hit["score"],
        "url": "/api/v1/reviews/trust-and-faith/quotes/1",
    }
    assert reader.get(hit["url"]).json()["exact"] == hit["snippet"]["text"]


def test_a_passage_leads_to_its_page_and_place(world: World, owner: Door, reader: Door) -> None:
    fill(owner, world)
    [hit] = search(reader, world, "collaborate trust")["items"]
    assert (hit["thing"], hit["page"], hit["source_id"]) == ("D1", "2", 1)
    assert PAPER[hit["start"] : hit["end"]] == "collabo-\nrate"
    assert reader.get(hit["url"]).json()["text"] == "collabo-\nrate"
    assert [h["page"] for h in search(reader, world, "trust kind:document")["items"]] == ["2", "1"]


def test_a_passage_is_on_the_page_that_print_names(world: World, owner: Door, reader: Door) -> None:
    post(owner, world, "sources", {"title": "t"})
    upload(owner, world, "Boards meet.\fPartners met.", first_page=213)
    assert [h["page"] for h in search(reader, world, "meet OR met")["items"]] == ["213"]


def test_a_document_that_waits_is_found_and_has_its_source_once_it_is_named(
    world: World, owner: Door, reader: Door
) -> None:
    post(owner, world, "sources", {"title": "t", "cite_key": "t2001"})
    made = owner.post(
        f"{world.base}/documents",
        content=b"Nobody knows whose words these are.",
        params={"file_name": "unknown.txt"},
        headers={"Content-Type": "text/plain"},
    )
    assert made.json()["document"]["source_id"] is None
    [hit] = search(reader, world, "whose words")["items"]
    assert (hit["thing"], hit["label"], hit["source_id"]) == ("D1", "unknown.txt", None)
    owner.post(f"{world.base}/documents/1/attach", json={"source_id": 1})
    [hit] = search(reader, world, "whose words source:S1")["items"]
    assert (hit["label"], hit["source_id"]) == ("t2001, unknown.txt", 1)


def test_what_a_document_says_never_becomes_markup(world: World, owner: Door, reader: Door) -> None:
    fill(owner, world)
    [hit] = search(reader, world, "alert kind:document")["items"]
    markup = hit["snippet"]["markup"]
    assert "&lt;script&gt;<mark>alert</mark>(1)&lt;/script&gt;&lt;/mark&gt;" in markup
    assert markup.count("<") == 2


def test_pages_follow_one_another_without_gap_or_repeat(
    world: World, owner: Door, reader: Door
) -> None:
    fill(owner, world)
    everything = search(reader, world, "trust OR faith", limit=100)
    found: list[Any] = []
    page: Any = {"next": None}
    for _ in range(20):
        more = {"after": page["next"]} if page["next"] else {}
        page = search(reader, world, "trust OR faith", limit=3, **more)
        assert page["counts"] == everything["counts"]
        found += page["items"]
        if page["next"] is None:
            break
    assert found == everything["items"]
    assert {c["name"]: c["count"] for c in everything["counts"]} == {
        "concept": 2,
        "configuration": 1,
        "quote": 2,
        "memo": 1,
        "source": 2,
        "document": 2,
    }


def test_a_page_goes_on_where_it_ended_even_if_that_hit_is_gone(
    world: World, owner: Door, reader: Door
) -> None:
    fill(owner, world)
    first = search(reader, world, "trust", limit=2)
    deleted = owner.delete(f"{world.base}/memos/1", headers={"If-Match": "*"})
    assert deleted.status_code == 204
    rest = things(reader, world, "trust", after=first["next"])
    assert rest == ["C1", "Q1", "D1", "D1"]


@pytest.mark.parametrize("after", ["x", "1-Z-1-1", "1-Q-1", "99999999999-Q-1-0"])
def test_a_page_that_was_never_given_is_refused(world: World, reader: Door, after: str) -> None:
    answer = reader.get(f"{world.base}/search", params={"q": "trust", "after": after})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "query.after")


@pytest.mark.parametrize(
    ("typed", "thing", "path"),
    [("C1", "C1", "configurations/1"), (" s2 ", "S2", "sources/2"), ("D1", "D1", "documents/1")],
)
def test_a_number_names_its_thing(
    world: World, owner: Door, reader: Door, typed: str, thing: str, path: str
) -> None:
    fill(owner, world)
    named = search(reader, world, typed)["named"]
    assert (named["thing"], named["url"]) == (thing, f"{world.base}/{path}")
    assert reader.get(named["url"]).status_code == 200
    assert search(reader, world, "C99")["named"] is None


def test_what_cannot_be_read_is_a_problem_with_its_place(world: World, reader: Door) -> None:
    answer = reader.get(f"{world.base}/search", params={"q": 'trust "build'})
    body = answer.json()
    assert (answer.status_code, body["code"], body["position"]) == (422, "bad_query", 7)
    gone = reader.get(f"{world.base}/search", params={"q": "trust concept:K9"})
    assert gone.json()["detail"] == "There is no concept K9 in this review."
    for wrong in ("", "?q=a&limit=0", "?q=a&page=2"):
        assert reader.get(f"{world.base}/search{wrong}").status_code == 422


def test_nobody_finds_what_another_review_holds(world: World, owner: Door, reader: Door) -> None:
    stranger = world.door("stranger")
    stranger.post("/api/v1/reviews", json={"slug": "mergers", "title": "Mergers"})
    stranger.post(
        "/api/v1/reviews/mergers/sources", json={"title": "Trust in zebras", "year": 2013}
    )
    fill(owner, world)
    assert things(reader, world, "zebras") == []
    assert things(reader, world, "zebras OR trust year:2013") == ["S1", "Q1", "D1", "D1"]
    answer = stranger.get("/api/v1/reviews/mergers/search", params={"q": "trust"}).json()
    assert [hit["label"] for hit in answer["items"]] == ["Trust in zebras"]
    assert reader.get("/api/v1/reviews/mergers/search", params={"q": "trust"}).status_code == 404


def test_of_very_many_hits_some_are_rated_and_it_says_so(
    world: World, owner: Door, reader: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "FEW", 4)
    monkeypatch.setattr(candidates, "RATED", 5)
    for n in range(8):
        post(owner, world, "memos", {"kind": "theory", "text": f"trust {n}"})
    post(owner, world, "concepts", {"label": "trust"})
    found = search(reader, world, "trust")
    assert [hit["thing"] for hit in found["items"]] == ["K1", "M1", "M2", "M3", "M4", "M5"]
    assert [(c["name"], c["count"], c["has_more"]) for c in found["counts"]] == [
        ("concept", 1, False),
        ("memo", 5, True),
    ]
    assert things(reader, world, "trust 7") == ["M8"]


def test_a_very_long_memo_is_found_once_by_words_anywhere_in_it(
    world: World, owner: Door, reader: Door
) -> None:
    text = " ".join(["alpha", *(f"w{n} the" for n in range(3_000)), "omega point"])
    post(owner, world, "memos", {"kind": "theory", "text": text})
    assert things(reader, world, '"omega point"') == things(reader, world, "the") == ["M1"]
    shown = search(reader, world, "omega")["items"][0]["snippet"]["text"]
    assert len(shown) <= 240
    assert "omega" in shown


def matches(text: str, needed: list[list[str]], unwanted: list[str]) -> bool:
    """Say by plain reading whether a text answers."""
    padded = f" {text} "

    def stands(part: str) -> bool:
        return f" {part[:-1]}" in padded if part.endswith("*") else f" {part} " in padded

    return all(any(map(stands, group)) for group in needed) and not any(map(stands, unwanted))


def test_finds_exactly_what_a_plain_reading_of_every_text_finds(
    world: World, owner: Door, reader: Door
) -> None:
    letters = ("aba", "abc", "b", "c", "dd")
    texts = [" ".join(letters[(n * k + k) % 5] for k in range(1, 7)) for n in range(24)]
    for text in texts:
        post(owner, world, "memos", {"kind": "theory", "text": text})
    parts = [*letters, "aba b", "c dd", "dd aba c", "ab*", "abc b*"]
    numbers = count()
    for one in parts:
        for other in parts[next(numbers) % 3 :: 3]:
            for needed, unwanted in (
                ([[one], [other]], []),
                ([[one, other]], ["b"]),
                ([[one]], [other]),
            ):
                query = " ".join(
                    [" OR ".join(map(written, group)) for group in needed]
                    + [f"-{written(part)}" for part in unwanted]
                )
                expected = {
                    f"M{n}" for n, text in enumerate(texts, 1) if matches(text, needed, unwanted)
                }
                assert set(things(reader, world, query, limit=100)) == expected, query


def written(part: str) -> str:
    return f'"{part}"' if " " in part and not part.endswith("*") else part.replace(" ", "-")


def test_awkward_documents_are_found_whole(world: World, owner: Door, reader: Door) -> None:
    post(owner, world, "sources", {"title": "t"})
    upload(owner, world, "\U0001d4afrust – “ﬁne”\n" * 400 + "信任\u200b😀 end")
    hits = search(reader, world, "fine trust", limit=100)["items"]
    assert len(hits) == search(reader, world, "fine trust")["counts"][0]["count"] > 2
    assert all("<mark>ﬁne</mark>" in hit["snippet"]["markup"] for hit in hits)
    [last] = search(reader, world, "信任")["items"]
    assert last["snippet"]["markup"].endswith("<mark>信任</mark>\u200b😀 end")
