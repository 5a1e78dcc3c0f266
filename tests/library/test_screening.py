"""Screening: stages of the review's own, decisions, two blinded screeners, checks, retrieval."""

from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.library.models import Source
from tests.conftest import World
from tests.library.screening_material import ANY, FULL, RIGOUR, TITLE, Desk, done, refused


@pytest.fixture
def desk(world: World) -> Desk:
    return Desk(world, sources=6)


def test_a_review_has_three_stages_before_anybody_made_one(desk: Desk) -> None:
    stages = desk.get("stages", "reader")["items"]
    assert [(s["id"], s["name"], s["unit"]) for s in stages] == [
        (TITLE, "Title and abstract", "records"),
        (FULL, "Full text", "reports"),
        (RIGOUR, "Relevance and rigour", "reports"),
    ]
    assert {s["version"] for s in stages} == {0}
    assert desk.get(f"stages/{FULL}")["needs_reason"]
    desk.decide(1, TITLE, "include")
    assert [(s["id"], s["version"]) for s in desk.get("stages")["items"]] == [
        (1, 1),
        (2, 1),
        (3, 1),
    ]


def test_stages_are_added_renamed_moved_and_skipped(desk: Desk) -> None:
    body = {"name": "Policy scan", "unit": "records", "position": 1, "reasons": ["a", "b"]}
    made = done(desk.door("editor").post(f"{desk.base}/stages", json=body))
    assert [r["label"] for r in made["reasons"]] == ["a", "b"]
    desk.change_stage(TITLE, name="Titles", position=2)
    assert [s["name"] for s in desk.get("stages")["items"]][:2] == ["Policy scan", "Titles"]
    taken = desk.door("editor").post(f"{desk.base}/stages", json=body)
    assert "Policy scan is there already" in refused(taken, 409)
    desk.change_stage(made["id"], is_skipped=True)
    assert "is skipped" in refused(desk.try_decide(1, made["id"], "include"))
    desk.decide(1, TITLE, "include")
    in_use = desk.door("editor").delete(f"{desk.base}/stages/{TITLE}", headers=ANY)
    assert "skip it instead" in refused(in_use, 409)
    done(desk.door("editor").delete(f"{desk.base}/stages/{made['id']}", headers=ANY))
    assert len(desk.get("stages")["items"]) == 3


def test_a_stage_cannot_be_changed_over_somebody_elses_change(desk: Desk) -> None:
    path = f"{desk.base}/stages/{TITLE}"
    assert desk.door("editor").patch(path, json={"name": "x"}).status_code == 428
    first = desk.door("editor").patch(path, json={"name": "x"}, headers={"If-Match": '"0"'})
    assert first.status_code == 200
    stale = desk.door("editor").patch(path, json={"name": "y"}, headers={"If-Match": '"0"'})
    assert stale.status_code == 412
    version = first.headers["ETag"]
    done(desk.door("editor").patch(path, json={"name": "z"}, headers={"If-Match": version}))


def test_a_reason_that_was_given_can_be_archived_and_not_deleted(desk: Desk) -> None:
    used, unused = desk.reason(FULL, "Not about it"), desk.reason(FULL, "Wrong people")
    desk.decide(1, FULL, "exclude", reason_id=used)
    path = f"{desk.base}/exclusion-reasons"
    assert desk.door("editor").delete(f"{path}/{used}", headers=ANY).status_code == 409
    done(desk.door("editor").patch(f"{path}/{used}", json={"is_archived": True}, headers=ANY))
    done(desk.door("editor").delete(f"{path}/{unused}", headers=ANY))
    assert [r["is_archived"] for r in desk.get(f"stages/{FULL}")["reasons"]] == [True]


def test_excluding_at_full_text_asks_for_a_reason_of_that_stage(desk: Desk) -> None:
    reason, other = desk.reason(FULL, "Not about it"), desk.reason(TITLE, "Animals")
    assert "asks for a reason" in refused(desk.try_decide(1, FULL, "exclude"))
    assert "no such reason" in refused(desk.try_decide(1, FULL, "exclude", reason_id=other))
    assert "exclude only" in desk.try_decide(1, FULL, "include", reason_id=reason).text
    desk.decide(1, TITLE, "exclude")
    desk.decide(2, FULL, "exclude", reason_id=reason, note="p. 3")
    assert desk.end(1) == ("excluded", TITLE)
    assert desk.end(2) == ("excluded", FULL)
    assert desk.get("sources/2/screening")["steps"][0]["is_implied"]


def test_deciding_again_changes_the_decision_and_history_keeps_both(desk: Desk) -> None:
    first = desk.decide(1, TITLE, "include")
    again = desk.decide(1, TITLE, "exclude", note="off topic after all")
    assert (again["id"], again["version"]) == (first["id"], first["version"] + 1)
    same = desk.decide(1, TITLE, "exclude", note="off topic after all")
    assert same["version"] == again["version"]
    items = desk.get("history?kind=N&number=1")["items"]
    assert len(items) == 2
    done(desk.door().post(f"{desk.base}/history/{items[-1]['id']}/undo"))
    assert desk.get("decisions/1")["verdict"] == "include"


def test_many_decisions_go_in_together_or_not_at_all(desk: Desk) -> None:
    good = [{"source_id": n, "stage_id": TITLE, "verdict": "include"} for n in (1, 2, 3)]
    bad = [*good, {"source_id": 99, "stage_id": TITLE, "verdict": "include"}]
    answer = desk.door().post(f"{desk.base}/decisions/bulk", json={"items": bad})
    assert "items.3.source_id" in refused(answer)
    assert desk.get("decisions")["items"] == []
    done(desk.door().post(f"{desk.base}/decisions/bulk", json={"items": good}))
    assert desk.queue(TITLE) == [4, 5, 6]


def test_the_queue_gives_what_is_next_for_me_page_by_page(desk: Desk) -> None:
    assert desk.queue(TITLE, limit=2) == [1, 2]
    assert desk.queue(TITLE, limit=2, after=2) == [3, 4]
    desk.decide(1, TITLE, "include")
    desk.decide(2, TITLE, "exclude")
    assert desk.queue(TITLE) == [3, 4, 5, 6]
    assert desk.queue(FULL) == [1]
    assert desk.get(f"stages/{FULL}/queue")["items"][0]["is_retrieved"] is False


def test_what_was_excluded_before_is_not_decided_of_later(desk: Desk) -> None:
    desk.decide(1, TITLE, "exclude")
    assert "was excluded before, at stage G1" in refused(desk.try_decide(1, FULL, "include"), 409)


def test_two_screeners_do_not_see_each_other_before_both_decided(desk: Desk) -> None:
    desk.change_stage(TITLE, screeners=2)
    first = desk.decide(1, TITLE, "include")
    hidden = desk.door("editor").get(f"{desk.base}/decisions/{first['id']}")
    assert (hidden.status_code, hidden.json()["code"]) == (403, "blinded")
    assert desk.get("decisions", "editor")["items"] == []
    assert desk.get("sources/1/screening", "editor")["decisions"] == []
    assert desk.get("decisions")["items"][0]["id"] == first["id"]
    assert desk.get(f"stages/{TITLE}/queue", "editor")["items"][0]["decided"] == 1
    desk.decide(1, TITLE, "exclude", who="editor")
    assert len(desk.get("decisions", "reader")["items"]) == 2
    assert desk.queue(TITLE, "owner")[0] == 2


def test_a_conflict_is_settled_by_an_editor_who_says_why(desk: Desk) -> None:
    desk.change_stage(TITLE, screeners=2)
    for source, verdict in ((1, "exclude"), (2, "include"), (3, "unsure"), (4, "unsure")):
        desk.decide(source, TITLE, verdict)
    for source, verdict in ((1, "include"), (2, "include"), (3, "unsure"), (4, "exclude")):
        desk.decide(source, TITLE, verdict, who="owner")
    open_ = desk.get(f"stages/{TITLE}/conflicts", "reader")["items"]
    assert [(c["id"], c["outcome"], len(c["decisions"])) for c in open_] == [
        (1, "conflict", 2),
        (3, "unsure", 2),
        (4, "conflict", 2),
    ]
    path = f"{desk.base}/stages/{TITLE}/adjudications"
    bare = desk.door("editor").post(path, json={"source_id": 1, "verdict": "exclude"})
    assert "say why" in bare.text
    body = {"source_id": 1, "verdict": "exclude", "note": "not health care"}
    final = done(desk.door("editor").post(path, json=body))
    assert final["is_final"]
    assert desk.door("coder").post(path, json=body).status_code == 403
    changed = done(desk.door("owner").post(path, json=body | {"verdict": "include"}))
    assert (changed["id"], changed["verdict"]) == (final["id"], "include")
    assert [c["id"] for c in desk.get(f"stages/{TITLE}/conflicts")["items"]] == [3, 4]
    assert desk.end(1) == ("awaiting_retrieval", None)


def test_two_reasons_are_a_conflict_where_a_reason_is_asked_for(desk: Desk) -> None:
    desk.change_stage(FULL, screeners=2)
    one, two = desk.reason(FULL, "Not about it"), desk.reason(FULL, "No full text")
    desk.decide(1, FULL, "exclude", reason_id=two)
    desk.decide(1, FULL, "exclude", reason_id=one, who="editor")
    assert [c["id"] for c in desk.get(f"stages/{FULL}/conflicts")["items"]] == [1]
    desk.change_stage(FULL, needs_reason=False)
    step = desk.get("sources/1/screening")["steps"][-1]
    assert (step["outcome"], step["reason_id"]) == ("excluded", one)


def test_a_share_is_drawn_by_its_seed_and_checked_by_somebody_else(desk: Desk) -> None:
    for source in range(1, 7):
        desk.decide(source, TITLE, "include" if source % 2 else "exclude")
    path = f"stages/{TITLE}/sample"
    half = [d["id"] for d in desk.get(f"{path}?share=0.5&seed=7", "editor")["items"]]
    assert len(half) == 3
    assert half == [d["id"] for d in desk.get(f"{path}?share=0.5&seed=7", "owner")["items"]]
    assert set(half) <= {d["id"] for d in desk.get(f"{path}?share=0.6&seed=7", "editor")["items"]}
    check = f"{desk.base}/decisions/{half[0]}/checks"
    assert "your own" in refused(desk.door().post(check, json={"agrees": True}), 409)
    done(desk.door("editor").post(check, json={"agrees": True}))
    no = {"agrees": False, "note": "see p. 2"}
    done(desk.door("editor").post(f"{desk.base}/decisions/{half[1]}/checks", json=no))
    stage = desk.get("screening")["stages"][0]
    assert (stage["checked"], stage["agreed"], stage["decisions"]) == (2, 1, 6)
    left = desk.get(f"{path}?share=0.5&seed=7&unchecked=true", "editor")["items"]
    assert [d["id"] for d in left] == half[2:]
    checked = desk.get(f"decisions/{half[1]}")
    turned = "exclude" if checked["verdict"] == "include" else "include"
    desk.decide(checked["source_id"], TITLE, turned)
    assert desk.get("screening")["stages"][0]["checked"] == 1
    assert len(desk.get(f"decisions/{half[1]}/checks")["items"]) == 1


def test_what_was_settled_is_drawn_and_counted_among_the_checked_too(desk: Desk) -> None:
    desk.decide(1, TITLE, "include")
    settled = {"source_id": 2, "verdict": "include", "note": "Both read it again."}
    path = f"{desk.base}/stages/{TITLE}/adjudications"
    number = done(desk.door("editor").post(path, json=settled))["id"]
    drawn = desk.get(f"stages/{TITLE}/sample?share=1", "owner")["items"]
    assert [d["is_final"] for d in drawn] == [False, True]
    check = f"{desk.base}/decisions/{number}/checks"
    done(desk.door("owner").post(check, json={"agrees": True}))
    stage = desk.get("screening")["stages"][0]
    assert (stage["checked"], stage["agreed"], stage["decisions"]) == (1, 1, 2)
    assert [one["decided"] for one in stage["screeners"]] == [1]


def test_a_decision_is_withdrawn_by_who_made_it_or_an_editor(desk: Desk) -> None:
    made = desk.decide(1, TITLE, "include", who="editor")
    path = f"{desk.base}/decisions/{made['id']}"
    assert desk.door("coder").delete(path, headers=ANY).status_code == 403
    done(desk.door("coder").post(f"{path}/checks", json={"agrees": True}))
    done(desk.door("editor").delete(path, headers=ANY))
    assert desk.door("editor").get(path).status_code == 410
    assert desk.queue(TITLE, "editor")[0] == 1


def test_what_could_not_be_retrieved_waits_for_nobody(desk: Desk) -> None:
    for source in (1, 2, 3):
        desk.decide(source, TITLE, "include")
    said = {"status": "not_retrieved", "note": "library and author asked"}
    done(desk.door().put(f"{desk.base}/sources/1/retrieval", json=said))
    many = [{"source_id": n, "status": "retrieved"} for n in (2, 3)]
    done(desk.door().post(f"{desk.base}/retrievals/bulk", json={"items": many}))
    assert desk.queue(FULL) == [2, 3]
    assert desk.end(1) == ("not_retrieved", None)
    found = desk.get("screening")
    assert (found["sought"], found["retrieved"], found["not_retrieved"]) == (3, 2, 1)
    desk.decide(2, FULL, "include")
    read = desk.door().put(f"{desk.base}/sources/2/retrieval", json=said)
    assert "decisions about its full text" in refused(read, 409)
    text: Any = {"params": {"file_name": "a.txt"}, "headers": {"Content-Type": "text/plain"}}
    done(desk.door().post(f"{desk.base}/sources/1/documents", content=b"Here.", **text))
    assert desk.end(1) == ("awaiting", FULL)


def test_what_was_sought_passed_the_stages_of_records(desk: Desk) -> None:
    done(desk.door().put(f"{desk.base}/sources/1/retrieval", json={"status": "not_retrieved"}))
    assert desk.end(1) == ("not_retrieved", None)
    desk.decide(1, TITLE, "exclude")
    assert desk.end(1) == ("excluded", TITLE)


def test_a_source_that_was_only_said_not_to_be_there_can_be_deleted(desk: Desk) -> None:
    path = f"{desk.base}/sources/6"
    done(desk.door().put(f"{path}/retrieval", json={"status": "sought"}))
    done(desk.door().delete(path, headers=ANY))
    newest = desk.get("history")["items"][-1]["id"]
    done(desk.door().post(f"{desk.base}/history/{newest}/undo"))
    assert desk.get("sources/6/screening")["retrieval"]["status"] == "sought"
    desk.decide(6, TITLE, "include")
    assert "N1" in refused(desk.door().delete(path, headers=ANY), 409)


def test_a_duplicate_and_its_source_are_one(
    desk: Desk, sessions: sessionmaker[Session], world: World
) -> None:
    desk.decide(2, TITLE, "include")
    with sessions() as session:
        session.get_one(Source, (world.review.id, 2)).merged_into_id = 1
        session.commit()
    assert desk.queue(TITLE) == [3, 4, 5, 6]
    assert desk.end(1) == ("awaiting_retrieval", None)
    standing = desk.get("sources/2/screening")
    assert (standing["duplicate_of"], len(standing["decisions"])) == (1, 1)
    assert "duplicate of S1" in refused(desk.try_decide(2, TITLE, "exclude"), 409)
    assert desk.get("screening")["stages"][0]["entered"] == 5


def test_a_text_that_waits_for_its_source_is_nobodys(desk: Desk) -> None:
    sent = desk.door("editor").post(
        f"{desk.base}/documents",
        content=b"Nothing here names any work.",
        params={"file_name": "scan-1.txt"},
        headers={"Content-Type": "text/plain"},
    )
    assert done(sent)["document"]["source_id"] is None
    assert len(desk.get(f"stages/{TITLE}/queue")["items"]) == 6
    assert desk.get("flow")["caption"].startswith("Flow of records: 6 identified")


def test_agreement_is_of_what_two_people_decided_each_for_themselves(world: World) -> None:
    desk = Desk(world, sources=5)
    desk.change_stage(TITLE, screeners=2)
    said = ["include include", "exclude exclude", "include exclude", "unsure unsure"]
    for source, verdicts in enumerate(said, start=1):
        one, other = verdicts.split()
        desk.decide(source, TITLE, one)
        desk.decide(source, TITLE, other, who="editor")
    desk.decide(5, TITLE, "include")
    body = {"source_id": 3, "verdict": "include", "note": "Read again."}
    done(desk.door("editor").post(f"{desk.base}/stages/{TITLE}/adjudications", json=body))
    number = desk.get("decisions?source_id=1")["items"][0]["id"]
    check = f"{desk.base}/decisions/{number}/checks"
    done(desk.door("editor").post(check, json={"agrees": True}))
    stage = desk.get("screening")["stages"][0]
    found = stage["agreement"]
    assert (found["sources"], found["raw"]) == (4, 0.75)
    [pair] = found["pairs"]
    assert (pair["sources"], pair["same"]) == (4, 3)
    assert pair["kappa"] == pytest.approx(7 / 11)
    assert (stage["checked"], stage["agreed"]) == (1, 1)
