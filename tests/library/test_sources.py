"""Sources through the API: adding, finding, changing, deleting, and what is refused."""

from typing import Any

import pytest
from sqlalchemy import inspect

from app.library.models import Source
from app.library.schemas import SourceFields
from tests.conftest import Door, World


def add(door: Door, world: World, **fields: Any) -> dict[str, Any]:
    answer = door.post(f"{world.base}/sources", json={"title": "On trust"} | fields)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_source_keeps_every_field_as_it_came(world: World, coder: Door) -> None:
    fields = {
        "type": "report",
        "title": " Trust & faith\u00a0",
        "authors": [{"family": "Aunger", "given": "J"}, {"literal": "NHS"}],
        "year": 2021,
        "container_title": "Reviews",
        "doi": "10.1/ABC",
        "pmid": "123",
        "url": "see the paper",
        "abstract": "Line one\nline two",
        "language": "en",
        "country": "UK",
        "kind": "review",
        "setting": "mergers",
        "csl": {"volume": "10", "issued": {"date-parts": [[2021, 3]]}},
        "cite_key": "aunger2021",
    }
    made = add(coder, world, **fields, study="Partnering")
    read = coder.get(f"{world.base}/sources/{made['id']}")
    assert read.json() == made
    names = [
        {key: value for key, value in name.items() if value is not None}
        for name in made.pop("authors")
    ]
    assert names == fields.pop("authors")
    assert {name: made[name] for name in fields} == fields
    studies = coder.get(f"{world.base}/studies").json()["items"]
    assert [(study["id"], study["label"]) for study in studies] == [
        (made["study_id"], "Partnering")
    ]


def test_every_field_people_fill_in_is_a_column_of_the_same_name() -> None:
    assert set(SourceFields.model_fields) <= set(inspect(Source).columns.keys())


def test_cite_keys_are_made_of_author_and_year_and_stay_unique(world: World, coder: Door) -> None:
    author = {"authors": [{"family": "Müller-Lüdenscheidt"}], "year": 1998}
    taken = {"title": "t", "cite_key": "müllerlüdenscheidt1998a"}
    items = [{"title": "x", **author}, {"title": "y", **author}, taken, {"title": "z"}]
    answer = coder.post(f"{world.base}/sources/bulk", json={"items": items})
    assert answer.status_code == 201, answer.text
    assert [row["cite_key"] for row in answer.json()] == [
        "müllerlüdenscheidt1998",
        "müllerlüdenscheidt1998b",
        "müllerlüdenscheidt1998a",
        "anonnd",
    ]
    assert [row["id"] for row in answer.json()] == [1, 2, 3, 4]


def test_a_taken_cite_key_is_named_and_nothing_goes_in(world: World, coder: Door) -> None:
    add(coder, world, cite_key="rousseau1998")
    items = [{"title": "new", "cite_key": "shaw2018"}, {"title": "x", "cite_key": "rousseau1998"}]
    answer = coder.post(f"{world.base}/sources/bulk", json={"items": items})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_taken")
    assert answer.json()["errors"][0]["field"] == "items.1.cite_key"
    assert "rousseau1998" in answer.json()["detail"]
    assert len(coder.get(f"{world.base}/sources").json()["items"]) == 1
    assert add(coder, world)["id"] == 2


def test_reports_of_one_study_share_it(world: World, coder: Door) -> None:
    first, second = (add(coder, world, study="Trial A")["study_id"] for _ in range(2))
    assert first == second
    listed = coder.get(f"{world.base}/sources", params={"study_id": first}).json()["items"]
    assert len(listed) == 2


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("ÉCOLE", ["École and trust"]),
        ("école AND", ["École and trust"]),
        ("straße", ["Die STRASSE"]),
        ("100%", ["100% sure"]),
        ("%", ["100% sure"]),
        ("_", ["snake_case"]),
        ("ångström", ["Written by another"]),
        ("risk  taking", ["With abstract"]),
        ("nowhere", []),
    ],
)
def test_text_is_found_whatever_its_case_and_taken_literally(
    world: World, coder: Door, text: str, titles: list[str]
) -> None:
    items: list[dict[str, Any]] = [
        {"title": "École and trust"},
        {"title": "Die STRASSE"},
        {"title": "100% sure"},
        {"title": "snake_case"},
        {"title": "Written by another", "authors": [{"family": "A\u030angström"}]},
        {"title": "With abstract", "abstract": "Risk\ntaking"},
    ]
    coder.post(f"{world.base}/sources/bulk", json={"items": items})
    found = coder.get(f"{world.base}/sources", params={"text": text}).json()["items"]
    assert [source["title"] for source in found] == titles


def test_filters_hold_together_and_pages_follow_each_other(world: World, reader: Door) -> None:
    items = [{"title": f"t{n}", "year": 2000 + n, "kind": "policy"} for n in range(6)]
    world.door("coder").post(f"{world.base}/sources/bulk", json={"items": items})
    wish: dict[str, Any] = {"kind": "policy", "year_from": 2001, "year_to": 2004, "limit": 3}
    page = reader.get(f"{world.base}/sources", params=wish | {"count": True}).json()
    assert ([row["year"] for row in page["items"]], page["total"]) == ([2001, 2002, 2003], 4)
    rest = reader.get(f"{world.base}/sources", params=wish | {"after": page["next"]}).json()
    assert ([row["year"] for row in rest["items"]], rest["next"]) == ([2004], None)


def test_a_change_touches_only_what_it_names_and_undo_restores_search(
    world: World, coder: Door, editor: Door
) -> None:
    made = add(coder, world, title="Ärger", abstract="kept", study="A")
    url = f"{world.base}/sources/{made['id']}"
    changed = coder.patch(url, json={"title": "Mut", "study": None}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200, changed.text
    assert changed.json() == made | {"title": "Mut", "study_id": None, "version": 2}
    again = coder.patch(url, json={}, headers={"If-Match": changed.headers["etag"]})
    assert again.status_code == 200
    last = editor.get(f"{world.base}/history", params={"kind": "S"}).json()["items"][-1]["id"]
    assert editor.post(f"{world.base}/history/{last}/undo").status_code == 200
    for text, count in (("ärger", 1), ("mut", 0)):
        found = coder.get(f"{world.base}/sources", params={"text": text}).json()["items"]
        assert len(found) == count


def test_versions_are_asked_for(world: World, coder: Door) -> None:
    url = f"{world.base}/sources/{add(coder, world)['id']}"
    assert coder.patch(url, json={"year": 1}).status_code == 428
    assert coder.delete(url).status_code == 428
    assert coder.patch(url, json={"year": 1}, headers={"If-Match": '"7"'}).status_code == 412
    assert coder.delete(url, headers={"If-Match": '"7"'}).status_code == 412


def test_coders_change_their_own_and_editors_anyones(world: World, coder: Door) -> None:
    mine, theirs = add(coder, world)["id"], add(world.door("editor"), world)["id"]
    any_version = {"If-Match": "*"}

    def change(door: Door, number: int) -> int:
        url = f"{world.base}/sources/{number}"
        return door.patch(url, json={"year": 1}, headers=any_version).status_code

    assert change(coder, mine) == 200
    assert change(coder, theirs) == 403
    assert change(world.door("editor"), mine) == 200
    assert change(world.door("reader"), mine) == 403
    assert (
        world.door("reader").post(f"{world.base}/sources", json={"title": "x"}).status_code == 403
    )


def test_a_deleted_source_is_gone_and_comes_back(world: World, coder: Door, editor: Door) -> None:
    made = add(coder, world)
    url = f"{world.base}/sources/{made['id']}"
    assert coder.delete(url, headers={"If-Match": '"1"'}).status_code == 204
    gone = coder.get(url)
    assert (gone.status_code, gone.json()["restore"]) == (410, {"kind": "S", "number": made["id"]})
    assert (
        editor.post(
            f"{world.base}/history/restore", json={"kind": "S", "number": made["id"]}
        ).status_code
        == 200
    )
    assert coder.get(url).json()["title"] == made["title"]


def test_a_source_in_use_names_what_uses_it(world: World, coder: Door, editor: Door) -> None:
    number = add(coder, world)["id"]
    quote = {"source_id": number, "exact": "we trust"}
    assert coder.post(f"{world.base}/quotes", json=quote).status_code == 201
    concept = {"label": "trust", "definitions": [{"text": "belief", "source_id": number}]}
    assert editor.post(f"{world.base}/concepts", json=concept).status_code == 201
    answer = coder.delete(f"{world.base}/sources/{number}", headers={"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (409, "still_in_use")
    assert answer.json()["used_by"] == ["K1", "Q1"]


def test_a_source_used_by_many_names_some_and_counts_the_rest(world: World, coder: Door) -> None:
    number = add(coder, world)["id"]
    quotes = [{"source_id": number, "exact": f"words {n}"} for n in range(33)]
    made = coder.post(f"{world.base}/quotes/bulk", json={"items": quotes})
    assert made.status_code == 201, made.text
    answer = coder.delete(f"{world.base}/sources/{number}", headers={"If-Match": "*"}).json()
    assert "Q19, Q20 and 13 more; change or delete these first" in answer["detail"]
    assert (len(answer["used_by"]), answer["used_by_count"]) == (20, 33)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x", "colour": 1}, "body.colour"),
        ({"title": None}, "body.title"),
        ({"title": "a\x00b"}, "body.title"),
        ({"title": "x" * 1_000_001}, "body.title"),
        ({"title": "x", "year": 10**30}, "body.year"),
        ({"title": "x", "year": "soon"}, "body.year"),
        ({"title": "x", "kind": "novel"}, "body.kind"),
        ({"title": "x", "authors": [{}]}, "body.authors.0"),
        ({"title": "x", "csl": {"a": [["\x00"]]}}, "body.csl"),
        ({"title": "x", "csl": {"a": 10**400}}, "body.csl"),
        ({"title": "x", "csl": {"a": "y" * 100_001}}, "body.csl"),
        ({"title": "x", "csl": {"\x00": 1}}, "body.csl"),
        ({"year": 2020}, "body.title"),
    ],
)
def test_bad_fields_are_named(world: World, coder: Door, body: Any, field: str) -> None:
    answer = coder.post(f"{world.base}/sources", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["field"] == field
    assert coder.get(f"{world.base}/sources").json()["items"] == []


@pytest.mark.parametrize(
    "raw",
    [
        b'{"title": "\\ud800"}',
        b'{"title": "x", "csl": {"a": "\\udfff"}}',
        b'{"title": "x", "csl": {"a": NaN}}',
        b'{"title": "x", "csl": {"a": 1e999}}',
        b'{"title": "x", "csl": {"a": ' + b"[" * 200 + b"]" * 200 + b"}}",
        b'{"title": "x", "\\ud800": 1}',
    ],
)
def test_what_no_store_keeps_is_refused(world: World, coder: Door, raw: bytes) -> None:
    answer = coder.post(
        f"{world.base}/sources", content=raw, headers={"Content-Type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_numbers_too_large_and_never_given_are_told_apart(world: World, coder: Door) -> None:
    assert coder.get(f"{world.base}/sources/{10**30}").status_code == 422
    assert coder.get(f"{world.base}/sources/0").status_code == 422
    assert coder.get(f"{world.base}/sources/99").status_code == 404
    assert coder.get(f"{world.base}/sources", params={"text": "\x00"}).status_code == 422


def test_sources_are_found_by_where_they_stand_and_by_having_a_text(
    world: World, coder: Door
) -> None:
    for n in range(1, 5):
        add(coder, world, title=f"Work {n}")
    texts = f"{world.base}/sources/2/documents?file_name=two.txt"
    sent = coder.post(texts, content="Words.", headers={"Content-Type": "text/plain"})
    assert sent.status_code == 201
    items = [{"source_id": n, "stage_id": 1, "verdict": "include"} for n in (2, 3)]
    items.append({"source_id": 4, "stage_id": 1, "verdict": "exclude"})
    coder.post(f"{world.base}/decisions/bulk", json={"items": items})

    def found(query: str) -> list[int]:
        answer = coder.get(f"{world.base}/sources?{query}")
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert found("has_text=true") == [2]
    assert found("has_text=false") == [1, 3, 4]
    assert found("end=awaiting") == [1, 2]
    assert found("end=awaiting&stage_id=2") == [2]
    assert found("end=excluded&stage_id=1") == [4]
    assert found("end=awaiting&limit=1&after=1") == [2]
    assert found("end=awaiting_retrieval&text=work") == [3]
    file = coder.get(f"{world.base}/sources/file?format=ris&end=excluded").text
    assert ("Work 4" in file, "Work 3" in file) == (True, False)
