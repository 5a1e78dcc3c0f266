"""Decisions made in Rayyan and Covidence come in as those of the people who made them."""

from typing import Any

import pytest

from app.exchange.decision_notes import Said, read_covidence, read_rayyan
from app.library.screening_models import ScreeningVerdict
from tests.conftest import World
from tests.library.screening_material import FULL, TITLE, Desk, done, refused

RAYYAN_CSV = (
    "key,title,year,authors,journal,doi,abstract,notes\n"
    'rayyan-1,Works in Trust: a study,2001,"Ó Dubhghaill, A.",J,10.1000/ONE,"a, b",'
    '"RAYYAN-INCLUSION: {""Ana""=>""Included"", ""Bo Ek""=>""Excluded""} | '
    "RAYYAN-LABELS: policy,UK | RAYYAN-EXCLUSION-REASONS: wrong population,foreign language | "
    'USER-NOTES: {""Ana""=>[""check later"", ""p. 3""]}"\n'
    'rayyan-2,Works in faith,2002,,J,,,"Own note. RAYYAN-INCLUSION: {""Ana""=>""Maybe""}"\n'
    'rayyan-3,Nowhere to be found,2003,,J,,,"RAYYAN-INCLUSION: {""Ana""=>""Included""}"\n'
    "rayyan-4,Works in risk,2004,,J,,,\n"
    'rayyan-5,Twice the same,1999,,J,,,"RAYYAN-INCLUSION: {""Ana""=>""Included""}"\n'
)
COVIDENCE_CSV = (
    "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,"
    "Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags\n"
    '"Works in Trust: a study","Dubhghaill, A",,2001,,J,,,,,10.1000/one,1,#12,D 2001,'
    '"Exclusion reason: Wrong study design; Ana Ng (2024-01-02): only a protocol",Policy\n'
    "Works in faith,,,2002,,J,,,,,,2,#13,F 2002,,\n"
)
RIS = (
    "TY  - JOUR\nTI  - Works in faith\nPY  - 2002\nN1  - found by hand\n"
    'N1  - RAYYAN-INCLUSION: {"Ana"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: too old\nER  - \n'
)
BIB = (
    "@article{rayyan-9,\n  title={Works in faith},\n  year={2002},\n"
    '  note={RAYYAN-INCLUSION: {\\"Uma\\"=>\\"Included\\"} | RAYYAN-LABELS: grey}\n}\n'
)


@pytest.fixture
def desk(world: World) -> Desk:
    desk = Desk(world)
    items = [
        {"title": "Works in trust – a study", "year": 2001, "doi": "10.1000/one"},
        {"title": "Works in faith", "year": 2002},
        {"title": "Works in risk", "year": 2004},
        {"title": "Twice the same", "year": 2010},
        {"title": "Twice the same", "year": 2011},
    ]
    done(desk.door().post(f"{desk.base}/sources/bulk", json={"items": items}))
    return desk


def take_in(desk: Desk, content: str, name: str = "articles.csv", **wish: Any) -> Any:
    return desk.door("editor").post(
        f"{desk.base}/decisions/imports",
        params={"file_name": name, **wish},
        content=content.encode(),
        headers={"Content-Type": "application/octet-stream"},
    )


def test_rayyans_decisions_come_in_by_person_with_reasons_labels_and_notes(desk: Desk) -> None:
    found = done(take_in(desk, RAYYAN_CSV, stage_id=TITLE))
    assert (found["tool"], found["records"]) == ("rayyan", 5)
    assert (found["matched"], found["undecided"], found["added"]) == (2, 1, 3)
    assert [(p["name"], p["is_new"], p["decisions"]) for p in found["people"]] == [
        ("Ana", True, 2),
        ("Bo Ek", True, 1),
    ]
    assert found["new_reasons"] == ["wrong population"]
    assert [(left["record"], left["why"].split(":")[0]) for left in found["left_out"]] == [
        (3, "no source has its DOI, PubMed number or title"),
        (5, "several sources have this title, none this year"),
    ]
    ana, bo, maybe = desk.get("decisions")["items"]
    assert (ana["verdict"], ana["note"]) == (
        "include",
        "check later\np. 3\nLabels: policy, UK",
    )
    assert (bo["verdict"], bo["came_from"]) == ("exclude", "rayyan")
    assert "Reasons: wrong population, foreign language" in bo["note"]
    assert (maybe["source_id"], maybe["verdict"]) == (2, "unsure")
    assert desk.get(f"stages/{TITLE}/conflicts")["items"][0]["id"] == 1
    assert desk.get("screening")["stages"][0]["screeners"][1]["name"] == "Bo Ek"


def test_a_preview_and_the_same_file_again_change_nothing(desk: Desk) -> None:
    seen = done(take_in(desk, RAYYAN_CSV, stage_id=TITLE, preview=True))
    assert desk.get("decisions")["items"] == []
    assert {s["version"] for s in desk.get("stages")["items"]} == {0}
    first = done(take_in(desk, RAYYAN_CSV, stage_id=TITLE))
    for key in ("records", "matched", "undecided", "added", "new_reasons", "left_out"):
        assert seen[key] == first[key]
    history = desk.get("history?limit=500")["items"]
    assert (history[-1]["channel"], history[-1]["reason"]) == (
        "import",
        "decisions of articles.csv",
    )
    again = done(take_in(desk, RAYYAN_CSV, stage_id=TITLE))
    assert (again["added"], again["changed"], again["same"]) == (0, 0, 3)
    assert [p["is_new"] for p in again["people"]] == [False, False]
    assert len(desk.get("history?limit=500")["items"]) == len(history)
    done(desk.door("editor").post(f"{desk.base}/history/{history[-1]['id']}/undo"))
    assert desk.get("decisions")["items"] == []


def test_a_name_becomes_a_member_only_where_somebody_says_so(desk: Desk) -> None:
    wish: Any = {"stage_id": TITLE, "person": "Ana=coder@example.org"}
    found = done(take_in(desk, RAYYAN_CSV, **wish))
    coder = desk.world.users["coder"].id
    assert [p["user_id"] == coder for p in found["people"]] == [True, False]
    assert desk.queue(TITLE) == [3, 4, 5]
    stranger = take_in(desk, RAYYAN_CSV, stage_id=TITLE, person="Ana=stranger@example.org")
    assert "not a member" in refused(stranger)


def test_covidence_tells_the_status_by_the_name_of_its_file(desk: Desk) -> None:
    name = "review_283729_excluded_csv_20240320131744.csv"
    lacking = done(take_in(desk, COVIDENCE_CSV, name, preview=True))
    assert (lacking["tool"], lacking["stage_id"], lacking["matched"]) == ("covidence", FULL, 1)
    assert "excluded without a reason" in lacking["left_out"][0]["why"]
    found = done(take_in(desk, COVIDENCE_CSV, name, default_reason="Not said"))
    assert (found["matched"], found["new_reasons"]) == (2, ["Wrong study design", "Not said"])
    first, _ = desk.get("decisions")["items"]
    assert (first["is_final"], first["verdict"], first["came_from"]) == (
        True,
        "exclude",
        "covidence",
    )
    assert first["note"] == "Ana Ng (2024-01-02): only a protocol\nTags: Policy"
    assert found["people"][0]["name"] == "Covidence consensus"
    assert desk.end(1) == ("excluded", FULL)
    assert desk.get("sources/1/screening")["steps"][0]["is_implied"]
    irrelevant = done(take_in(desk, COVIDENCE_CSV, "review_1_irrelevant.csv", preview=True))
    assert (irrelevant["stage_id"], irrelevant["added"]) == (TITLE, 2)


def test_what_was_agreed_in_covidence_is_drawn_for_checking_and_reported(desk: Desk) -> None:
    done(take_in(desk, COVIDENCE_CSV, "review_1_irrelevant.csv"))
    [drawn] = desk.get(f"stages/{TITLE}/sample?share=0.5")["items"]
    check = f"{desk.base}/decisions/{drawn['id']}/checks"
    done(desk.door().post(check, json={"agrees": True}))
    stage = desk.get("screening")["stages"][0]
    assert (stage["checked"], stage["decisions"], stage["screeners"]) == (1, 2, [])


def test_what_a_file_does_not_tell_has_to_be_said(desk: Desk) -> None:
    assert "say which stage" in refused(take_in(desk, RAYYAN_CSV))
    assert "say what the file's records" in refused(take_in(desk, COVIDENCE_CSV, stage_id=FULL))
    assert "say which stage" in refused(take_in(desk, RAYYAN_CSV, stage_id=99))
    assert desk.door("coder").post(f"{desk.base}/decisions/imports").status_code == 403


def test_ris_and_bibtex_carry_the_same_notes(desk: Desk) -> None:
    done(take_in(desk, RIS, "articles.ris", stage_id=TITLE))
    done(take_in(desk, BIB, "articles.bib", stage_id=TITLE))
    one, two = desk.get("decisions")["items"]
    assert (one["verdict"], one["reason_id"], one["note"]) == ("exclude", 1, None)
    assert (two["verdict"], two["note"]) == ("include", "Labels: grey")


def test_what_was_excluded_before_is_left_out_and_named(desk: Desk) -> None:
    desk.decide(2, TITLE, "exclude")
    found = done(take_in(desk, COVIDENCE_CSV, "x.csv", stage_id=FULL, verdict="include"))
    assert [left["why"] for left in found["left_out"]] == [
        "S2 was excluded before, at stage G1; change that decision first"
    ]


def test_notes_are_read_as_the_tools_write_them() -> None:
    tricky = (
        'RAYYAN-INCLUSION: {"Jo \\"J\\" Ng"=>"Maybe", "俊"=>"Included"} | '
        'USER-NOTES: {"俊"=>["a | b, \\"c\\""], "Jo \\"J\\" Ng"=>["x"]}'
    )
    assert read_rayyan(tricky) == [
        Said('Jo "J" Ng', ScreeningVerdict.UNSURE, (), "x"),
        Said("俊", ScreeningVerdict.INCLUDE, (), 'a | b, "c"'),
    ]
    assert read_rayyan("nothing of Rayyan's") == []
    assert read_rayyan("RAYYAN-LABELS: x") == []
    assert read_covidence("Exclusion reason: Wrong setting; ", ScreeningVerdict.EXCLUDE, "C") == [
        Said("C", ScreeningVerdict.EXCLUDE, ("Wrong setting",), None)
    ]
    assert read_covidence("keep", ScreeningVerdict.INCLUDE, "C") == [
        Said("C", ScreeningVerdict.INCLUDE, (), "keep")
    ]
