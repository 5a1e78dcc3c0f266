"""The flow balances whatever was decided, and says what the records say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from app.config import Settings
from app.jobs.worker import Worker
from app.library.models import Source
from app.library.screening_models import RetrievalStatus, ScreeningVerdict, StageUnit
from app.library.screening_standing import Cast, Material, Rule, origins_of, roots_of
from app.library.search_models import SearchKind
from app.synthesis.flow import flow_of
from app.synthesis.flow_facts import Arrival, Facts
from app.synthesis.flow_parts import Flow, PathFlow
from tests.conftest import World
from tests.library.screening_material import FULL, RIGOUR, TITLE, Desk, done

START = datetime(2026, 3, 1, tzinfo=UTC)
REASONS = {1: "Not about it", 2: "No data", 3: "Too old"}


def assert_balances(flow: Flow) -> None:
    """Assert that what flows into every box is what leaves it or waits in it."""
    for path in (flow.databases, flow.other):
        assert_path_balances(path)
    assert flow.new_reports == flow.databases.included + flow.other.included
    assert flow.total_reports == flow.previous_reports + flow.new_reports
    assert flow.total_studies == flow.previous_studies + flow.new_studies
    assert flow.new_studies <= flow.new_reports
    assert flow.previous_studies <= flow.previous_reports
    assert flow.awaiting == flow.databases.awaiting + flow.other.awaiting


def assert_path_balances(path: PathFlow) -> None:
    assert path.identified == sum(found.records for found in path.found)
    assert path.identified == path.duplicates + path.unreadable + path.entered
    assert 0 <= path.duplicates_at_import <= path.duplicates
    flowing = path.entered
    for stage in path.of(StageUnit.RECORDS):
        assert stage.entered == flowing
        assert stage.entered == stage.excluded + stage.awaiting + stage.passed
        assert stage.excluded == sum(reason.sources for reason in stage.reasons)
        flowing = stage.passed
    assert path.sought == flowing
    assert path.sought == path.not_retrieved + path.awaiting_retrieval + path.retrieved
    flowing = path.retrieved
    for stage in path.of(StageUnit.REPORTS):
        assert stage.entered == flowing
        assert stage.entered == stage.excluded + stage.awaiting + stage.passed
        assert stage.excluded == sum(reason.sources for reason in stage.reasons)
        flowing = stage.passed
    assert path.included == flowing


@st.composite
def histories(draw: st.DrawFn) -> Facts:
    """Draw a review in any state: stages, searches, hits, merges, decisions, retrieval."""
    pick = draw(st.randoms(use_true_random=False))
    units = sorted(
        draw(st.lists(st.sampled_from(StageUnit), max_size=4)), key=list(StageUnit).index
    )
    rules = [
        Rule(n, unit, pick.choice((1, 2)), pick.random() < 0.5, (2, 1, 3))
        for n, unit in enumerate(units, 1)
    ]
    sources = range(1, draw(st.integers(1, 25)) + 1)
    merged = {n: pick.choice((None, None, None, pick.randrange(1, n + 1))) for n in sources}
    merged = {n: None if into == n else into for n, into in merged.items()}
    kinds = [pick.choice(list(SearchKind)) for _ in range(draw(st.integers(0, 4)))]
    searches = {
        n: Arrival(kind, pick.choice("AB"), pick.choice((None, 7)), pick.choice((0, 0, 2)))
        for n, kind in enumerate(kinds, 1)
    }
    hits = {
        (search, source): pick.randrange(1, 3)
        for search in searches
        for source in sources
        if pick.random() < 0.4
    }
    roots = roots_of(merged)
    casts: dict[int, dict[int, list[Cast]]] = {}
    for number in range(pick.randrange(80)):
        source = roots[pick.choice(sources)]
        stage = pick.randrange(1, len(rules) + 2)
        verdict = pick.choice(list(ScreeningVerdict))
        reason = pick.choice((None, 1, 2, 3)) if verdict is ScreeningVerdict.EXCLUDE else None
        is_final = pick.random() < 0.1 and verdict is not ScreeningVerdict.UNSURE
        when = START + timedelta(minutes=pick.randrange(60))
        cast = Cast(number, stage, pick.randrange(1, 4), verdict, reason, is_final, when)
        casts.setdefault(source, {}).setdefault(stage, []).append(cast)
    found_by = [(source, searches[search].kind) for search, source in hits]
    return Facts(
        material=Material(
            rules=rules,
            roots=roots,
            casts=casts,
            retrieval={n: pick.choice(list(RetrievalStatus)) for n in sources if n % 3 == 0},
            with_text={n for n in sources if pick.random() < 0.2},
            origins=origins_of(found_by, roots),
            names={rule.id: f"stage {rule.id}" for rule in rules},
            labels=REASONS,
        ),
        searches=searches,
        hits=hits,
        studies={n: pick.choice((None, 1, 2)) for n in sources},
        by_program={n for n in sources if pick.random() < 0.3},
    )


@trying(max_examples=150)
@given(histories())
def test_every_box_is_what_flows_in_minus_what_flows_out(facts: Facts) -> None:
    flow = flow_of(facts)
    assert_balances(flow)
    everybody = flow.databases.entered + flow.other.entered + flow.previous_reports
    assert everybody == len(set(facts.material.roots.values()))
    merged = flow.merged_by_program + flow.merged_by_person
    assert merged == len(facts.material.roots) - everybody
    assert flow.merged_by_program <= len(facts.by_program)


def test_the_balance_is_not_kept_by_counting_nothing() -> None:
    rules = [Rule(1, StageUnit.RECORDS)]
    casts = {1: {1: [Cast(1, 1, 1, ScreeningVerdict.EXCLUDE, 2, False, START)]}}
    roots = {1: 1, 2: 1, 3: 3}
    origins = origins_of([], roots)
    material = Material(rules, labels=REASONS, roots=roots, casts=casts, origins=origins)
    flow = flow_of(Facts(material))
    assert (flow.other.identified, flow.other.duplicates, flow.other.entered) == (3, 1, 2)
    [stage] = flow.other.stages
    assert (stage.excluded, stage.awaiting) == (1, 1)
    assert [(r.label, r.sources) for r in stage.reasons] == [("No data", 1)]


RIS = "TY  - JOUR\nTI  - {0}\nPY  - 2020\nDO  - 10.1000/{0}\nER  - \n"


def bring(desk: Desk, kind: str, name: str, titles: list[str], **more: Any) -> None:
    """Import titles as one search."""
    editor = desk.door("editor")
    body = {"kind": kind, "database": name, **more}
    search = done(editor.post(f"{desk.base}/searches", json=body))
    done(
        editor.post(
            f"{desk.base}/searches/{search['id']}/imports",
            content="".join(RIS.format(title) for title in titles).encode(),
            params={"file_name": f"{name}.ris"},
            headers={"Content-Type": "application/octet-stream"},
        )
    )


@pytest.fixture
def desk(world: World, sessions: sessionmaker[Session]) -> Desk:
    """Eleven records of eight works, most of them decided of: S3 is S4, found elsewhere."""
    desk = Desk(world)
    bring(desk, "database", "MEDLINE", ["a", "b", "c"], hits_reported=5)
    bring(desk, "database", "CINAHL", ["c", "d", "d"])
    bring(desk, "register", "ISRCTN", ["e"])
    bring(desk, "citation_chasing", "Reference lists", ["f", "g"])
    bring(desk, "previous_review", "Review of 2015", ["h"])
    done(desk.door().post(f"{desk.base}/sources", json={"title": "by hand", "type": "report"}))
    with sessions() as session:
        session.get_one(Source, (world.review.id, 4)).merged_into_id = 3
        session.commit()
    reason = desk.reason(FULL, "Not about it; or, less")
    desk.decide(1, TITLE, "exclude")
    for source in (2, 3, 5, 7):
        desk.decide(source, TITLE, "include")
    desk.decide(2, FULL, "exclude", reason_id=reason)
    desk.decide(3, FULL, "include")
    desk.decide(3, RIGOUR, "include")
    gone = {"status": "not_retrieved"}
    done(desk.door().put(f"{desk.base}/sources/5/retrieval", json=gone))
    desk.decide(8, FULL, "include")
    return desk


def test_the_flow_is_counted_from_the_records(desk: Desk) -> None:
    flow = desk.get("flow", "reader")
    databases, other = flow["databases"], flow["other"]
    assert [(f["kind"], f["name"], f["records"]) for f in databases["found"]] == [
        ("database", "MEDLINE", 3),
        ("database", "CINAHL", 3),
        ("register", "ISRCTN", 1),
    ]
    assert (databases["duplicates"], databases["duplicates_at_import"]) == (2, 1)
    assert flow["merged_by_person"] == 1
    title, full, rigour = databases["stages"]
    assert (title["entered"], title["excluded"], title["awaiting"]) == (5, 1, 1)
    assert (databases["sought"], databases["not_retrieved"]) == (3, 1)
    assert (full["excluded"], rigour["passed"], databases["included"]) == (1, 1, 1)
    assert [f["name"] for f in other["found"]] == ["Reference lists", "No search recorded"]
    assert (flow["previous_reports"], flow["new_studies"], flow["total_studies"]) == (1, 1, 2)
    assert "MEDLINE reported 5 records; 3 were imported." in flow["notes"]


def test_a_box_leads_back_to_its_sources(desk: Desk) -> None:
    def listed(**wish: Any) -> list[int]:
        answer = desk.door("reader").get(f"{desk.base}/flow/sources", params=wish)
        return [source["id"] for source in done(answer)["items"]]

    assert listed(end="excluded", stage_id=FULL, origin="databases") == [2]
    assert listed(end="included") == [3]
    assert listed(end="awaiting", stage_id=TITLE) == [6, 10]
    assert listed(is_sought=True, limit=2) == [2, 3]


def test_what_the_program_merged_is_told_from_what_people_merged(
    desk: Desk, world: World, sessions: sessionmaker[Session], settings: Settings
) -> None:
    assert (flow := desk.get("flow", "reader"))["merged_by_person"] == 1
    bring(desk, "database", "Scopus", ["certain", "alone", "again"])
    bring(desk, "database", "Embase", ["certain"])
    door = desk.door("editor")
    assert door.post(f"{desk.base}/duplicates/find", json={}).status_code == 202
    assert Worker(sessions, settings).work_once()
    there = done(door.get(f"{desk.base}/sources", params={"limit": 100}))["items"]
    numbers = {source["title"]: source["id"] for source in there}
    merge = f"{desk.base}/sources/{numbers['again']}/merge"
    done(door.post(merge, json={"into_id": numbers["alone"]}, headers={"If-Match": "*"}))
    later = desk.get("flow", "reader")
    assert (later["merged_by_program"], later["merged_by_person"]) == (1, 2)
    assert later["databases"]["duplicates"] == flow["databases"]["duplicates"] + 2
    note = "Duplicate sources merged: 1 by the program, since certain, 2 by people."
    assert note in later["notes"]
    table = desk.door("reader").get(f"{desk.base}/flow/file", params={"format": "csv"}).text
    assert "extra_duplicates,NA,NA,Duplicate sources merged by the program," in table
