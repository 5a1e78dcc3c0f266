"""A review's own fields: what they take, who filled them in, and asking by them on both stores."""

from typing import Any

import pytest

from tests.conftest import Door, World
from tests.theory.material import ANY, problem

FIELDS: tuple[dict[str, Any], ...] = (
    {"name": "note", "type": "text"},
    {"name": "sites", "type": "number"},
    {"name": "checked", "type": "yes_no"},
    {"name": "started", "type": "date"},
    {"name": "design", "type": "choice", "choices": ["RCT", "cohort"]},
    {"name": "themes", "type": "choices", "choices": ["trust", "it's “faith”", "Ärger 😀"]},
)
FILLED: tuple[dict[str, Any] | None, ...] = (
    {"note": "3", "sites": 3, "checked": True, "started": "2019-12-31", "design": "RCT"},
    {"note": "any way", "sites": 2.5, "checked": False, "started": "2020-01-01"},
    {"design": "cohort", "themes": ["trust", "Ärger 😀"]},
    {"themes": ["it's “faith”"], "note": "RCT"},
    None,
)
ANSWERS: tuple[tuple[str, list[int]], ...] = (
    ("note:3", [1]),
    ("note:any way", [2]),
    ("sites:3", [1]),
    ("sites:3.0", [1]),
    ("sites:>=2.5", [1, 2]),
    ("sites:<=2.9", [2]),
    ("sites:none", [3, 4, 5]),
    ("checked:yes", [1]),
    ("checked:false", [2]),
    ("checked:any", [1, 2]),
    ("started:>=2020-01-01", [2]),
    ("started:<=2020-01-01", [1, 2]),
    ("started:2019-12-31", [1]),
    ("design:RCT", [1]),
    ("design:none", [2, 4, 5]),
    ("themes:trust", [3]),
    ("themes:Ärger 😀", [3]),
    ("themes:it's “faith”", [4]),
    ("themes:any", [3, 4]),
)


def add_fields(door: Door, base: str, subject: str) -> None:
    for field in FIELDS:
        made = door.post(f"{base}/fields", json={"subject": subject, **field})
        assert made.status_code == 201, made.text


@pytest.fixture(scope="module")
def framed(world: World, editor: Door) -> Door:
    """A review whose sources and configurations have one field of every type, five of each."""
    for subject in ("source", "configuration"):
        add_fields(editor, world.base, subject)
    sources = [{"title": f"S{i}", "fields": values} for i, values in enumerate(FILLED)]
    made = editor.post(f"{world.base}/sources/bulk", json={"items": sources})
    assert made.status_code == 201, made.text
    configurations = [
        {"fields": values, "evidence": [{"source_id": i + 1, "page": "1"}]}
        for i, values in enumerate(FILLED)
    ]
    made = editor.post(f"{world.base}/configurations/bulk", json={"items": configurations})
    assert made.status_code == 201, made.text
    return editor


def ids(door: Door, address: str, **wish: Any) -> list[int]:
    answer = door.get(address, params=wish)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


@pytest.mark.parametrize(("wish", "numbers"), ANSWERS)
def test_every_type_can_be_asked_by(
    world: World, framed: Door, wish: str, numbers: list[int]
) -> None:
    assert ids(framed, f"{world.base}/sources", field=wish) == numbers
    assert ids(framed, f"{world.base}/configurations", field=wish) == numbers
    assert ids(framed, f"{world.base}/configurations", source_field=wish) == numbers


def test_all_conditions_on_fields_must_hold(world: World, framed: Door) -> None:
    both = ["design:RCT", "sites:>=4"]
    assert ids(framed, f"{world.base}/sources", field=both) == []
    assert ids(framed, f"{world.base}/sources", field=[both[0], "sites:>=3"]) == [1]
    mixed = {"field": "checked:any", "source_field": "note:any way"}
    assert ids(framed, f"{world.base}/configurations", **mixed) == [2]


def test_second_hand_evidence_is_asked_by_the_fields_of_the_work_cited(
    world: World, framed: Door
) -> None:
    cited = {"evidence": [{"source_id": 5, "page": "1", "cited_source_id": 1}]}
    assert framed.post(f"{world.base}/configurations", json=cited).status_code == 201
    assert ids(framed, f"{world.base}/configurations", source_field="design:RCT") == [1, 6]


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ("colour:red", "no field colour; choose of note, sites"),
        ("design:ITS", "choose of RCT; cohort"),
        ("sites:many", "a number"),
        ("started:>=2020", "a date"),
        ("checked:perhaps", "yes or no"),
        ("design:>=3", "numbers and dates only"),
    ],
)
def test_a_condition_no_field_can_meet_is_refused_saying_what_can(
    world: World, framed: Door, wish: str, message: str
) -> None:
    for address, name in (
        ("sources", "field"),
        ("configurations", "field"),
        ("configurations", "source_field"),
        ("matrix", "field"),
        ("evidence-table", "field"),
    ):
        answer = framed.get(f"{world.base}/{address}", params={name: wish})
        assert problem(answer) == (422, "invalid", [f"{name}.0"]), (address, answer.text)
        assert message in answer.json()["detail"]


@pytest.mark.parametrize("wish", ["design", "Design:RCT", ":RCT", "sites:>=", "sites:>=x", "a:"])
def test_a_condition_that_cannot_be_read_is_refused(world: World, framed: Door, wish: str) -> None:
    answer = framed.get(f"{world.base}/sources", params={"field": wish})
    assert problem(answer) == (422, "invalid", ["query.field.0"])


@pytest.mark.parametrize(
    ("values", "place", "message"),
    [
        ({"colour": "red"}, "fields.colour", "no such field; choose of note, sites"),
        ({"design": "ITS"}, "fields.design", "choose of RCT; cohort"),
        ({"design": ["RCT"]}, "fields.design", "choose of RCT; cohort"),
        ({"themes": "trust"}, "fields.themes", "a list of choices"),
        ({"themes": []}, "fields.themes", "null to empty"),
        ({"themes": ["trust", "trust"]}, "fields.themes", "twice"),
        ({"themes": [{"a": 1}]}, "fields.themes", "choose of"),
        ({"sites": "3"}, "fields.sites", "without quotation marks"),
        ({"sites": True}, "fields.sites", "a number"),
        ({"sites": 10**30}, "fields.sites", "2^53"),
        ({"checked": 1}, "fields.checked", "true or false"),
        ({"started": "2020-02-30"}, "fields.started", "2021-03-01"),
        ({"started": "20200203"}, "fields.started", "2021-03-01"),
        ({"note": ""}, "fields.note", "1 to 100,000"),
        ({"note": "a\x00b"}, "fields.note", "NUL"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_naming_its_place(
    world: World, framed: Door, values: dict[str, Any], place: str, message: str
) -> None:
    for address in ("sources", "configurations"):
        answer = framed.patch(f"{world.base}/{address}/1", json={"fields": values}, headers=ANY)
        assert problem(answer) == (422, "invalid", [place])
        assert message in answer.json()["detail"]
    items = [{"title": "fits"}, {"title": "does not", "fields": values}]
    answer = framed.post(f"{world.base}/sources/bulk", json={"items": items})
    assert problem(answer) == (422, "invalid", [f"items.1.{place}"])
    items = [{}, {"fields": values}]
    answer = framed.post(f"{world.base}/configurations/bulk", json={"items": items})
    assert problem(answer) == (422, "invalid", [f"items.1.{place}"])
    assert len(ids(framed, f"{world.base}/sources")) == 5


@pytest.mark.parametrize("address", ["sources/1", "configurations/1"])
def test_a_change_of_one_value_leaves_the_others(world: World, framed: Door, address: str) -> None:
    def change(fields: Any) -> Any:
        body = {"fields": fields}
        answer = framed.patch(f"{world.base}/{address}", json=body, headers=ANY)
        assert answer.status_code == 200, answer.text
        return answer.json()["fields"]

    whole = FILLED[0] or {}
    assert change({"sites": 4}) == {**whole, "sites": 4}
    assert change({"note": None, "gone": None}) == {
        k: v for k, v in {**whole, "sites": 4}.items() if k != "note"
    }
    assert change({})["sites"] == 4
    assert change(None) is None
    assert framed.get(f"{world.base}/{address}").json()["fields"] is None


def test_values_are_kept_in_the_history_and_come_back(world: World, framed: Door) -> None:
    changed = {"fields": {"design": "cohort"}}
    framed.patch(f"{world.base}/configurations/1", json=changed, headers=ANY)
    last = framed.get(f"{world.base}/history?kind=C&number=1").json()["items"][-1]["id"]
    [shown] = framed.get(f"{world.base}/history/{last}").json()["changes"]
    assert shown["before"]["fields"]["design"] == "RCT"
    assert shown["after"]["fields"]["design"] == "cohort"
    assert framed.post(f"{world.base}/history/{last}/undo").status_code == 200
    assert framed.get(f"{world.base}/configurations/1").json()["fields"] == FILLED[0]


def test_summaries_in_lists_carry_the_values(world: World, framed: Door) -> None:
    items = framed.get(f"{world.base}/configurations").json()["items"]
    assert [item["fields"] for item in items] == list(FILLED)


def test_the_cells_of_a_matrix_lead_to_the_same_conditions(world: World, framed: Door) -> None:
    framed.post(f"{world.base}/concepts", json={"label": "trust"})
    slots = [{"role": r, "wording": r, "concept_id": 1} for r in ("context", "outcome")]
    for number in (1, 2):
        for slot in slots:
            framed.post(f"{world.base}/configurations/{number}/elements", json=slot)
    wish = {"field": "sites:>=3", "source_field": ["design:RCT", "note:3"]}
    matrix = framed.get(f"{world.base}/matrix", params=wish).json()
    assert matrix["total"]["configurations"] == 1
    [cell] = matrix["cells"]
    listed = framed.get(cell["url"]).json()["items"]
    assert [item["id"] for item in listed] == [1]
    assert "field=sites:%3E%3D3" in cell["url"]


def test_the_evidence_table_has_a_column_for_every_field(world: World, framed: Door) -> None:
    wish: dict[str, Any] = {
        "columns": ["field_themes", "source_field_sites", "source_field_checked", "field_started"],
        "format": "json",
    }
    rows = framed.get(f"{world.base}/evidence-table", params=wish).json()
    assert [row["field_themes"] for row in rows[1:4]] == [
        None,
        "trust; Ärger 😀",
        "it's “faith”",
    ]
    assert [row["source_field_sites"] for row in rows[:3]] == [3, 2.5, None]
    assert rows[0]["source_field_checked"] is True
    assert rows[0]["field_started"] == "2019-12-31"
    wrong = framed.get(f"{world.base}/evidence-table?columns=field_colour")
    assert "source_field_design" in wrong.json()["detail"]
    per = {"per": "configuration", "columns": "source_field_sites"}
    assert framed.get(f"{world.base}/evidence-table", params=per).status_code == 422


def test_a_filter_on_fields_narrows_the_evidence_table(world: World, framed: Door) -> None:
    wish: dict[str, Any] = {"source_field": "design:cohort", "format": "json"}
    rows = framed.get(f"{world.base}/evidence-table", params=wish).json()
    assert [row["configuration"] for row in rows] == ["C3"]


def test_fields_are_listed_in_the_order_of_the_team(world: World, framed: Door) -> None:
    [first] = [f for f in framed.get(f"{world.base}/fields").json()["items"] if f["id"] == 1]
    assert (first["label"], first["name"]) == ("note", "note")
    change = {"position": 9, "label": "Remarks", "help": "anything"}
    answer = framed.patch(f"{world.base}/fields/1", json=change, headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'
    stale = framed.patch(f"{world.base}/fields/1", json=change, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    of_sources = framed.get(f"{world.base}/fields?subject=source").json()["items"]
    assert [f["name"] for f in of_sources][-1] == "note"
    assert framed.get(f"{world.base}/fields/1").json()["label"] == "Remarks"


@pytest.mark.parametrize(
    "body",
    [
        {"name": "Design", "type": "text"},
        {"name": "9lives", "type": "text"},
        {"name": "design", "type": "choice"},
        {"name": "design", "type": "choice", "choices": []},
        {"name": "design", "type": "choice", "choices": ["a", "a"]},
        {"name": "design", "type": "choices", "choices": ["none", "some"]},
        {"name": "design", "type": "text", "choices": ["a"]},
        {"name": "design", "type": "colour"},
    ],
)
def test_a_field_that_makes_no_sense_is_refused(
    world: World, editor: Door, body: dict[str, Any]
) -> None:
    answer = editor.post(f"{world.base}/fields", json={"subject": "source", **body})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_name_is_taken_once_per_subject(world: World, framed: Door) -> None:
    body = {"subject": "source", "name": "note", "type": "number"}
    answer = framed.post(f"{world.base}/fields", json=body)
    assert problem(answer) == (409, "already_taken", ["name"])


def test_name_and_type_never_change(world: World, framed: Door) -> None:
    for change in ({"name": "remark"}, {"type": "number"}):
        answer = framed.patch(f"{world.base}/fields/1", json=change, headers=ANY)
        assert answer.status_code == 422
    no_choice = framed.patch(f"{world.base}/fields/1", json={"choices": ["a"]}, headers=ANY)
    assert problem(no_choice) == (422, "invalid", ["choices"])


def test_a_choice_in_use_stays_and_the_refusal_says_where(world: World, framed: Door) -> None:
    fields = framed.get(f"{world.base}/fields").json()["items"]
    number = {(field["subject"], field["name"]): field["id"] for field in fields}
    design = number["source", "design"]
    answer = framed.patch(
        f"{world.base}/fields/{design}", json={"choices": ["cohort", "ITS"]}, headers=ANY
    )
    assert (answer.status_code, answer.json()["used_by"]) == (409, ["S1"])
    themes = number["configuration", "themes"]
    answer = framed.patch(
        f"{world.base}/fields/{themes}", json={"choices": ["trust", "Ärger 😀"]}, headers=ANY
    )
    assert (answer.status_code, answer.json()["used_by"]) == (409, ["C4"])
    framed.patch(f"{world.base}/configurations/4", json={"fields": {"themes": None}}, headers=ANY)
    answer = framed.patch(
        f"{world.base}/fields/{themes}", json={"choices": ["trust", "Ärger 😀"]}, headers=ANY
    )
    assert answer.json()["choices"] == ["trust", "Ärger 😀"]


def test_deleting_a_field_is_never_losing_its_values(world: World, framed: Door) -> None:
    fields = framed.get(f"{world.base}/fields").json()["items"]
    number = {(field["subject"], field["name"]): field["id"] for field in fields}
    design = f"{world.base}/fields/{number['source', 'design']}"
    refused = framed.delete(design, headers=ANY)
    assert (refused.status_code, refused.json()["used_by"]) == (409, ["S1", "S3"])
    assert "drop_values=true" in refused.json()["detail"]
    assert framed.delete(f"{design}?drop_values=true", headers=ANY).status_code == 204
    assert framed.get(design).status_code == 410
    assert "design" not in framed.get(f"{world.base}/sources/1").json()["fields"]
    assert framed.get(f"{world.base}/sources/1").headers["etag"] == '"2"'
    assert framed.get(f"{world.base}/configurations/1").json()["fields"] == FILLED[0]
    last = framed.get(f"{world.base}/history?kind=F").json()["items"][-1]["id"]
    assert framed.post(f"{world.base}/history/{last}/undo").status_code == 200
    assert framed.get(f"{world.base}/sources/1").json()["fields"] == FILLED[0]
    assert framed.get(design).status_code == 200


def test_taking_a_filled_field_back_is_refused_naming_who_holds_a_value(
    world: World, framed: Door
) -> None:
    made = framed.get(f"{world.base}/history?kind=F&number=1").json()["items"][0]["id"]
    answer = framed.post(f"{world.base}/history/{made}/undo")
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "S1 has a value under note" in answer.json()["detail"]


def test_values_of_another_type_from_the_past_break_no_question(world: World, framed: Door) -> None:
    """A source deleted before its field was, and brought back after the name got another type."""
    add = {"subject": "source", "name": "late", "type": "text"}
    field = framed.post(f"{world.base}/fields", json=add).json()["id"]
    source = {"title": "late", "fields": {"late": "not a number"}}
    number = framed.post(f"{world.base}/sources", json=source).json()["id"]
    assert framed.delete(f"{world.base}/sources/{number}", headers=ANY).status_code == 204
    assert framed.delete(f"{world.base}/fields/{field}", headers=ANY).status_code == 204
    back = framed.post(f"{world.base}/history/restore", json={"kind": "S", "number": number})
    assert back.status_code == 409
    framed.post(f"{world.base}/fields", json={**add, "type": "number"})
    back = framed.post(f"{world.base}/history/restore", json={"kind": "S", "number": number})
    assert back.status_code == 200
    assert ids(framed, f"{world.base}/sources", field="late:>=1") == []
    assert ids(framed, f"{world.base}/sources", field="late:any") == [number]
