"""Importing through the API: every record accounted for, nothing twice, undone as one step."""

from typing import Any

import pytest
from httpx2 import Response

from app.config import Settings
from tests.conftest import Door, World

ONE = "TY  - JOUR\nAU  - Ortiz, Ana\nTI  - Small wins\nPY  - 2019\nDO  - 10.1234/a\nER  - \n"
TWO = "TY  - JOUR\nAU  - Ortiz, Ana\nTI  - Other wins\nPY  - 2019\nER  - \n"
BAD = "TY  - JOUR\nAU  - Nobody, N.\nER  - \n"
FILE = ONE + TWO + BAD


def make_search(editor: Door, world: World, **values: Any) -> int:
    answer = editor.post(f"{world.base}/searches", json={"database": "MEDLINE"} | values)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def send(door: Door, world: World, content: str | bytes, search: int = 1, **query: Any) -> Response:
    answer: Response = door.post(
        f"{world.base}/searches/{search}/imports",
        content=content,
        params={"file_name": "export.ris"} | query,
        headers={"Content-Type": "application/octet-stream"},
    )
    return answer


def counts(answer: Response) -> tuple[int, ...]:
    body = answer.json()
    assert answer.status_code == 200, body
    assert body["records"] == sum(body[n] for n in ("added", "repeated", "known", "bad")), body
    return tuple(body[name] for name in ("added", "repeated", "known", "bad"))


def sources(door: Door, world: World, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = door.get(f"{world.base}/sources", params=query).json()["items"]
    return items


def test_a_search_is_written_changed_and_deleted(world: World, editor: Door) -> None:
    said = {
        "kind": "citation_chasing",
        "database": "Aunger 2021",
        "searched_on": "2026-02-11",
        "hits_reported": 40,
        "theory_area": "trust",
        "phase": "additional",
        "stopped_because": "nothing new",
    }
    number = make_search(editor, world, **said)
    url = f"{world.base}/searches/{number}"
    read = editor.get(url)
    assert read.json() | said == read.json()
    assert editor.patch(url, json={"platform": "Scopus"}).status_code == 428
    changed = editor.patch(url, json={"platform": "Scopus"}, headers={"If-Match": '"1"'})
    assert (changed.json()["platform"], changed.headers["etag"]) == ("Scopus", '"2"')
    listed = editor.get(f"{world.base}/searches", params={"kind": "citation_chasing"}).json()
    assert [search["id"] for search in listed["items"]] == [number]
    assert editor.get(f"{world.base}/searches", params={"kind": "hand"}).json()["items"] == []
    assert editor.delete(url, headers={"If-Match": "*"}).status_code == 204
    assert editor.get(url).status_code == 410
    editor.post(f"{world.base}/history/restore", json={"kind": "W", "number": number})
    assert editor.get(url).json()["searched_on"] == "2026-02-11"


def test_a_preview_says_what_would_change_and_changes_nothing(world: World, editor: Door) -> None:
    make_search(editor, world)
    answer = send(editor, world, FILE, preview=True)
    assert answer.status_code == 200, answer.text
    assert counts(answer) == (2, 0, 0, 1)
    body = answer.json()
    assert (body["is_preview"], body["format"], body["encoding"]) == (True, "ris", "utf-8")
    assert body["problems"] == [
        {"record": 3, "line": 12, "reason": "it has no title", "raw": BAD.rstrip("\n")}
    ]
    assert body["samples"][0]["title"] == "Small wins"
    assert sources(editor, world) == []
    assert editor.get(f"{world.base}/searches/1/imports").json()["items"] == []


def test_good_records_go_in_and_the_bad_one_is_kept_with_the_file(
    world: World, editor: Door, settings: Settings
) -> None:
    make_search(editor, world)
    answer = send(editor, world, FILE)
    assert counts(answer) == (2, 0, 0, 1)
    assert (answer.json()["first_source"], answer.json()["last_source"]) == (1, 2)
    assert [s["cite_key"] for s in sources(editor, world)] == ["ortiz2019", "ortiz2019a"]
    [file] = editor.get(f"{world.base}/searches/1/imports").json()["items"]
    assert (file["file_name"], file["records"], file["added"]) == ("export.ris", 3, 2)
    assert file["problems"][0]["raw"] == BAD.rstrip("\n")
    sha256 = file["sha256"]
    kept = settings.files_dir / sha256[:2] / sha256[2:4] / sha256
    assert kept.read_bytes() == FILE.encode()
    [hit] = editor.get(f"{world.base}/sources/2/hits").json()["items"]
    assert (hit["search_id"], hit["record"], hit["line"]) == (1, 2, 7)
    assert hit["raw"] == TWO.rstrip("\n")


def test_a_reason_given_with_an_import_is_kept(world: World, editor: Door) -> None:
    make_search(editor, world)
    assert counts(send(editor, world, FILE, reason="spring")) == (2, 0, 0, 1)
    newest = editor.get(f"{world.base}/history?limit=500").json()["items"][-1]
    assert newest["reason"] == "spring"


def test_the_same_file_again_changes_nothing(world: World, editor: Door) -> None:
    make_search(editor, world)
    send(editor, world, FILE)
    before = editor.get(f"{world.base}/history").json()
    again = send(editor, world, FILE, file_name="renamed.ris")
    assert counts(again) == (0, 0, 2, 1)
    assert again.json()["file"] == 1
    assert editor.get(f"{world.base}/history").json() == before
    assert len(sources(editor, world)) == 2


def test_a_file_that_another_search_has_is_said_to_be_so_and_comes_in_when_asked(
    world: World, editor: Door
) -> None:
    make_search(editor, world)
    make_search(editor, world, database="Scopus")
    assert send(editor, world, FILE).json()["same_file_in"] == []
    assert send(editor, world, FILE, search=2, preview=True).json()["same_file_in"] == [1]
    answer = send(editor, world, FILE, search=2)
    assert counts(answer) == (2, 0, 0, 1)
    assert answer.json()["same_file_in"] == [1]
    assert send(editor, world, FILE, search=2).json()["same_file_in"] == [1, 2]


def test_a_later_export_brings_only_what_is_new(world: World, editor: Door) -> None:
    make_search(editor, world)
    send(editor, world, FILE)
    updated = ONE.replace("ER", "N1  - Cited by 9\nER")
    answer = send(editor, world, updated + TWO + TWO.replace("Other", "New"))
    assert counts(answer) == (1, 0, 2, 0)
    assert [s["title"] for s in sources(editor, world)][-1] == "New wins"
    hits = editor.get(f"{world.base}/sources/1/hits").json()["items"]
    assert [hit["raw"] for hit in hits] == [ONE.rstrip("\n"), updated.rstrip("\n")]


def test_a_record_twice_in_a_file_is_one_source_with_two_records(
    world: World, editor: Door
) -> None:
    make_search(editor, world)
    answer = send(editor, world, ONE + TWO + ONE)
    assert counts(answer) == (2, 1, 0, 0)
    search = editor.get(f"{world.base}/searches/1").json()
    assert (search["records"], search["sources"]) == (3, 2)
    assert counts(send(editor, world, ONE + TWO + ONE)) == (0, 0, 3, 0)


def test_another_search_brings_its_own_record_of_what_is_known_elsewhere(
    world: World, editor: Door
) -> None:
    make_search(editor, world)
    make_search(editor, world, database="Scopus")
    send(editor, world, ONE)
    answer = send(editor, world, ONE.upper().replace("10.1234/A", "10.1234/a") + TWO, search=2)
    assert counts(answer) == (2, 0, 0, 0)
    assert answer.json()["elsewhere"] == 1
    assert [s["id"] for s in sources(editor, world, search_id=2)] == [2, 3]
    listed = editor.get(f"{world.base}/searches").json()["items"]
    assert [(s["sources"], s["only_here"]) for s in listed] == [(1, 1), (2, 2)]


def test_searches_count_what_their_duplicates_were_merged_into(world: World, editor: Door) -> None:
    make_search(editor, world)
    make_search(editor, world, database="Scopus")
    send(editor, world, ONE + TWO)
    send(editor, world, ONE + TWO.replace("Other", "New"), search=2)
    for duplicate, survivor in ((3, 1), (4, 3)):
        merge = f"{world.base}/sources/{duplicate}/merge"
        merged = editor.post(merge, json={"into_id": survivor}, headers={"If-Match": "*"})
        assert merged.status_code == 200, merged.text
    listed = editor.get(f"{world.base}/searches").json()["items"]
    assert [(s["records"], s["sources"], s["only_here"]) for s in listed] == [(2, 2, 1), (2, 1, 0)]
    assert [s["id"] for s in sources(editor, world, search_id=2)] == [1]
    assert [s["id"] for s in sources(editor, world, search_id=2, is_merged=True)] == [3, 4]


MORE = """@article{x, title={Small wins}, author={Lund, B.}, year={2019}, volume={4},
  doi={10.1234/A}, abstract={They agreed on small early targets.}}
"""


def test_a_further_record_fills_what_its_source_lacks_and_overwrites_nothing(
    world: World, editor: Door
) -> None:
    make_search(editor, world)
    send(editor, world, FILE)
    before = sources(editor, world)[0]
    preview = send(editor, world, MORE + MORE.replace("4", "5"), file_name="a.bib", preview=True)
    assert (preview.json()["known"], preview.json()["filled"]) == (1, 1)
    assert sources(editor, world)[0] == before
    answer = send(editor, world, MORE, file_name="a.bib")
    assert (counts(answer), answer.json()["filled"]) == ((0, 0, 1, 0), 1)
    [source, other] = sources(editor, world)
    assert source["abstract"] == "They agreed on small early targets."
    assert source["csl"] == (before["csl"] or {}) | {"volume": "4"}
    same = ("authors", "doi", "cite_key", "type", "title")
    assert [source[name] for name in same] == [before[name] for name in same]
    assert other["abstract"] is None
    assert sources(editor, world, text="early targets") == [source]
    changes = editor.get(f"{world.base}/history").json()["items"]
    again = send(editor, world, MORE, file_name="a.bib")
    assert (counts(again), again.json()["filled"]) == ((0, 0, 1, 0), 0)
    assert editor.get(f"{world.base}/history").json()["items"] == changes
    assert editor.post(f"{world.base}/history/{changes[-1]['id']}/undo").status_code == 200
    [undone, _] = sources(editor, world)
    assert undone == before | {"version": undone["version"]}


def test_an_import_is_undone_as_one_step_and_can_be_done_again(world: World, editor: Door) -> None:
    make_search(editor, world)
    send(editor, world, FILE)
    number = editor.get(f"{world.base}/history").json()["items"][-1]
    assert number["channel"] == "import"
    undone = editor.post(f"{world.base}/history/{number['id']}/undo")
    assert undone.status_code == 200, undone.text
    assert sources(editor, world) == []
    assert editor.get(f"{world.base}/searches/1/imports").json()["items"] == []
    assert counts(send(editor, world, FILE)) == (2, 0, 0, 1)
    assert [s["id"] for s in sources(editor, world)] == [3, 4]


def test_an_import_that_was_worked_on_is_not_undone(world: World, editor: Door) -> None:
    make_search(editor, world)
    send(editor, world, FILE)
    number = editor.get(f"{world.base}/history").json()["items"][-1]["id"]
    change = {"country": "Chile"}
    editor.patch(f"{world.base}/sources/1", json=change, headers={"If-Match": "*"})
    refused = editor.post(f"{world.base}/history/{number}/undo")
    assert (refused.status_code, refused.json()["code"]) == (409, "undo_conflict")


def test_an_imported_source_stays_with_its_search(world: World, editor: Door) -> None:
    make_search(editor, world)
    send(editor, world, ONE)
    for url in (f"{world.base}/sources/1", f"{world.base}/searches/1"):
        refused = editor.delete(url, headers={"If-Match": "*"})
        assert (refused.status_code, refused.json()["code"]) == (409, "still_in_use")


def test_cite_keys_that_are_taken_get_a_letter(world: World, editor: Door) -> None:
    make_search(editor, world)
    editor.post(f"{world.base}/sources", json={"title": "Mine", "cite_key": "k"})
    bib = "@book{k, title={One}}\n@book{k, title={Two}}\n@book{, title={Three}}\n"
    assert counts(send(editor, world, bib, file_name="a.bib")) == (3, 0, 0, 0)
    keys = [s["cite_key"] for s in sources(editor, world)]
    assert keys == ["k", "ka", "kb", "anonnd"]


def test_a_record_the_tables_cannot_hold_is_named(world: World, editor: Door) -> None:
    make_search(editor, world)
    long = ONE.replace("Small wins", "x" * 2_000)
    answer = send(editor, world, long + TWO)
    assert counts(answer) == (1, 0, 0, 1)
    assert answer.json()["problems"][0]["reason"].startswith("title: too long; write at most")


def test_a_table_is_mapped_by_the_person(world: World, editor: Door) -> None:
    make_search(editor, world)
    table = "Titel;a=b\nKleine Erfolge;2019\n"
    refused = send(editor, world, table)
    assert (refused.status_code, refused.json()["code"]) == (422, "unknown_format")
    query: dict[str, Any] = {
        "format": "csv",
        "mapping": ["Titel=title", "a=b=year"],
        "preview": True,
    }
    answer = send(editor, world, table, **query)
    assert answer.json()["mapping"] == {"Titel": "title", "a=b": "year"}
    assert answer.json()["samples"][0]["year"] == 2019
    for wrong in ("Titel", "Titel=titel", "Title=title"):
        assert send(editor, world, table, format="csv", mapping=wrong).status_code == 422


@pytest.mark.parametrize("content", [b"", b"Dear all", b"\x00\xff\xfe\x00"])
def test_what_is_no_file_of_references_leaves_nothing(
    world: World, editor: Door, settings: Settings, content: bytes
) -> None:
    make_search(editor, world)
    answer = send(editor, world, content)
    assert answer.status_code == 422, answer.json()
    assert not settings.files_dir.exists()
    assert editor.get(f"{world.base}/searches/1").json()["version"] == 1


def test_what_a_column_cannot_hold_costs_no_record(world: World, editor: Door) -> None:
    make_search(editor, world)
    many = "".join(f"AU  - Writer{n}, A.\n" for n in range(5_001))
    works = "".join(f"M1  - Work {n} {'cited ' * 20}\n" for n in range(900))
    record = (
        f"TY  - JOUR\nTI  - Long\nPY  - 2019\nUR  - https://x.example/{'a' * 2_000}\n"
        f"AB  - {'long ' * 30_000}\nVL  - 4\n{many}{works}ER  - \n"
    )
    answer = send(editor, world, record + ONE)
    assert counts(answer) == (2, 0, 0, 0)
    remarks = [remark["remark"].partition(": ")[0] for remark in answer.json()["remarks"]]
    assert remarks == ["abstract", "authors", "csl.custom", "url"]
    source = editor.get(f"{world.base}/sources/{answer.json()['first_source']}").json()
    assert (source["title"], source["year"]) == ("Long", 2019)
    assert source["csl"] == {"volume": "4"}
    hits = editor.get(f"{world.base}/sources/{source['id']}/hits").json()
    items = hits["items"] if isinstance(hits, dict) else hits
    assert items[0]["raw"] == record.rstrip("\n")


def test_a_cell_that_is_none_of_our_words_costs_no_record(world: World, editor: Door) -> None:
    make_search(editor, world)
    answer = send(editor, world, "Title,Kind\nSmall wins,RCT\nOther wins,review\n")
    assert counts(answer) == (2, 0, 0, 0)
    [remark] = answer.json()["remarks"]
    assert remark["line"] == 2
    assert remark["remark"].startswith("kind: not one of what can be chosen; give 'primary_study'")
    assert sorted(str(source["kind"]) for source in sources(editor, world)) == ["None", "review"]
