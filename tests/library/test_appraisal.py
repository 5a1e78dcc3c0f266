"""Appraisal: three judgements, forms that keep their wording, two appraisers, asking by level."""

from typing import Any

import pytest

from app.library.appraisal.shipped import SHIPPED
from tests.conftest import Door, World
from tests.theory.material import ANY


def judge(door: Door, world: World, status: int = 201, **body: Any) -> dict[str, Any]:
    given = {"dimension": "rigour", "level": "high"} | body
    answer = door.post(f"{world.base}/appraisals", json=given)
    assert answer.status_code == status, answer.text
    read: dict[str, Any] = answer.json()
    return read


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    read: dict[str, Any] = answer.json()
    return read


def ids(door: Door, address: str, **wish: Any) -> list[int]:
    answer = door.get(address, params=wish)
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


def ask(door: Door, world: World, what: str, **wish: Any) -> Any:
    answer = door.get(f"{world.base}/{what}", params=wish)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.fixture
def shelf(world: World, editor: Door) -> Door:
    """Five sources; a configuration from each of the first four, C4 second-hand from S5."""
    items = [{"title": f"S{n}"} for n in range(1, 6)]
    assert editor.post(f"{world.base}/sources/bulk", json={"items": items}).status_code == 201
    concept = {"label": "trust"}
    assert editor.post(f"{world.base}/concepts", json=concept).status_code == 201
    made = [
        {
            "elements": [
                {"role": "context", "wording": "c", "concept_id": 1},
                {"role": "outcome", "wording": "o", "concept_id": 1, "state": "increased"},
            ],
            "evidence": [{"source_id": n, "page": "1", "cited_source_id": 5 if n == 4 else None}],
        }
        for n in range(1, 5)
    ]
    answer = editor.post(f"{world.base}/configurations/bulk", json={"items": made})
    assert answer.status_code == 201, answer.text
    return editor


def adopt(door: Door, world: World, name: str = "mmat-2018") -> dict[str, Any]:
    answer = door.post(f"{world.base}/appraisal-forms/adopt", json={"name": name})
    assert answer.status_code == 201, answer.text
    read: dict[str, Any] = answer.json()
    return read


def test_mmat_has_two_screening_questions_and_five_criteria_for_each_of_five_categories() -> None:
    form = SHIPPED["mmat-2018"]
    assert "Hong" in (form.citation or "")
    assert [item.key for item in form.items if item.category is None] == ["S1", "S2"]
    for n, category in enumerate(form.categories, 1):
        keys = [item.key for item in form.items if item.category == category.key]
        assert keys == [f"{n}.{m}" for m in range(1, 6)]
    assert {tuple(item.answers) for item in form.items} == {("yes", "no", "cant_tell")}
    assert {form.dimension.value for form in SHIPPED.values()} == {
        "relevance",
        "richness",
        "rigour",
    }


def test_an_appraisal_keeps_the_wording_it_was_made_under(
    world: World, shelf: Door, coder: Door
) -> None:
    form = adopt(shelf, world)
    answers = {"S1": {"answer": "yes"}, "1.1": {"answer": "cant_tell", "note": "not said"}}
    mine = judge(coder, world, source_id=1, form_id=1, categories=["qualitative"], answers=answers)
    assert (mine["wording_n"], mine["answers"]["1.1"]["note"]) == (1, "not said")
    words = {"levels": form["wordings"][0]["levels"], "items": [{"key": "A", "text": "Anew"}]}
    url = f"{world.base}/appraisal-forms/1"
    reworded = shelf.post(f"{url}/wordings", json=words)
    assert [w["n"] for w in reworded.json()["wordings"]] == [1, 2]
    first = shelf.get(url).json()["wordings"][0]
    assert first["items"] == form["wordings"][0]["items"]
    address = f"{world.base}/appraisals/1"
    kept = {"answers": {"1.2": {"answer": "yes"}}}
    assert coder.patch(address, json=kept, headers=ANY).json()["wording_n"] == 1
    new: dict[str, Any] = {"answers": {"A": {"answer": "yes"}}}
    assert coder.patch(address, json=new, headers=ANY).status_code == 422
    assert judge(coder, world, source_id=2, form_id=1, **new)["wording_n"] == 2
    refused = shelf.delete(url, headers=ANY)
    assert problem(refused, 409)["code"] == "still_in_use"
    assert shelf.patch(url, json={"is_retired": True}, headers=ANY).status_code == 200
    assert "retired" in judge(coder, world, 422, source_id=3, form_id=1)["detail"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"source_id": 1, "level": "excellent"}, "choose of high, moderate, low"),
        ({"source_id": 1, "level": "none"}, "something else in filters"),
        ({"source_id": 99}, "no S99"),
        ({}, "source_id"),
        ({"source_id": 1, "configuration_id": 1, "evidence_n": 1}, "source_id, or"),
        ({"configuration_id": 1, "evidence_n": 7}, "C1 has no evidence 7"),
        ({"configuration_id": 1, "evidence_n": 1, "dimension": "richness"}, "rigour"),
        ({"source_id": 1, "theory_area": "trust"}, "relevance only"),
        ({"source_id": 1, "answers": {"S1": {"answer": "yes"}}}, "form_id"),
        ({"source_id": 1, "form_id": 1, "answers": {"9.9": {"answer": "yes"}}}, "no item 9.9"),
        ({"source_id": 1, "form_id": 1, "answers": {"S1": {"answer": "so so"}}}, "answer"),
        ({"source_id": 1, "form_id": 1, "answers": {"S1": {"answer": "maybe"}}}, "cant_tell"),
        ({"source_id": 1, "form_id": 1, "categories": ["poem"]}, "choose of qualitative"),
        ({"source_id": 1, "form_id": 1, "dimension": "richness", "level": "rich"}, "of rigour"),
    ],
)
def test_what_does_not_fit_is_refused_saying_what_would(
    world: World, shelf: Door, body: dict[str, Any], words: str
) -> None:
    adopt(shelf, world)
    assert words in judge(shelf, world, 422, **body)["detail"]


def test_each_person_judges_a_subject_once_and_an_editor_settles_it_once(
    world: World, shelf: Door, coder: Door
) -> None:
    judge(coder, world, source_id=1)
    assert judge(coder, world, 409, source_id=1, level="low")["appraisal"] == 1
    judge(coder, world, source_id=1, dimension="relevance", theory_area="trust")
    judge(coder, world, source_id=1, dimension="relevance", theory_area="faith")
    judge(shelf, world, source_id=1, level="low")
    judge(coder, world, 403, source_id=1, is_consensus=True)
    settled = judge(shelf, world, source_id=1, level="moderate", is_consensus=True)
    judge(shelf, world, 409, source_id=1, is_consensus=True)
    url = f"{world.base}/appraisals"
    assert coder.patch(f"{url}/4", json={"level": "high"}, headers=ANY).status_code == 403
    assert coder.delete(f"{url}/{settled['id']}", headers=ANY).status_code == 403
    [one] = ask(coder, world, "appraisals/disagreements")["items"]
    assert [opinion["level"] for opinion in one["opinions"]] == ["high", "low"]
    assert one["consensus"]["level"] == "moderate"
    assert ask(coder, world, "appraisals/disagreements", settled=False)["items"] == []


def test_taking_back_a_deletion_never_leaves_two_judgements_of_one_person(
    world: World, shelf: Door, coder: Door
) -> None:
    judge(coder, world, source_id=1)
    assert coder.delete(f"{world.base}/appraisals/1", headers=ANY).status_code == 204
    judge(coder, world, source_id=1, level="low")
    wish = {"kind": "A", "number": 1}
    refused = shelf.post(f"{world.base}/history/restore", json=wish)
    assert problem(refused, 409)["detail"].startswith("A1 and A2")


@pytest.fixture
def judged(world: World, shelf: Door, coder: Door) -> Door:
    """S1 high by both, S2 disputed, S3 disputed and settled low, S4 moderate by one, S5 not."""
    for number, mine, theirs in ((1, "high", "high"), (2, "high", "low"), (3, "high", "low")):
        judge(coder, world, source_id=number, level=mine)
        judge(shelf, world, source_id=number, level=theirs)
    judge(shelf, world, source_id=3, level="low", is_consensus=True)
    judge(coder, world, source_id=4, level="moderate")
    return shelf


def test_every_source_stands_at_one_level_disputed_or_unappraised(
    world: World, judged: Door
) -> None:
    answers = {"high": [1], "moderate": [4], "low": [3], "disputed": [2], "none": [5]}
    for level, numbers in answers.items():
        assert ids(judged, f"{world.base}/sources", rigour=level) == numbers, level
    assert ids(judged, f"{world.base}/sources", rigour="high,none") == [1, 5]
    counts = {
        one["dimension"]: one["levels"] for one in ask(judged, world, "appraisals/levels")["items"]
    }
    said = {one["level"]: one["sources"] for one in counts["rigour"]}
    assert said == {level: len(numbers) for level, numbers in answers.items()}
    assert {one["level"]: one["sources"] for one in counts["richness"]}["none"] == 5


def test_every_question_can_be_asked_by_level_and_nothing_is_left_out_unasked(
    world: World, judged: Door
) -> None:
    base = f"{world.base}/configurations"
    assert ids(judged, base) == [1, 2, 3, 4]
    assert ids(judged, base, rigour="high,disputed") == [1, 2]
    assert ids(judged, base, rigour="none") == [4]  # counts as S5, which is cited
    assert ask(judged, world, "matrix")["total"]["sources"] == 4
    counted = ask(judged, world, "matrix", rigour="high,low")
    assert counted["total"]["sources"] == 2
    assert "rigour=high%2Clow" in counted["cells"][0]["url"]
    table = ask(judged, world, "evidence-table", format="json", rigour="low")
    assert [row["configuration"] for row in table] == ["C3"]
    csl = judged.get(f"{world.base}/sources/file", params={"format": "csl", "rigour": "high"})
    assert [one["title"] for one in csl.json()] == ["S1"]


def test_the_rigour_of_a_piece_of_evidence_stands_before_its_source(
    world: World, judged: Door, coder: Door
) -> None:
    of = {"configuration_id": 1, "evidence_n": 1}
    assert judge(coder, world, level="low", **of)["source_id"] == 1
    base = f"{world.base}/configurations"
    assert ids(judged, base, rigour="high") == []
    assert ids(judged, base, rigour="low") == [1, 3]
    assert ids(judged, f"{world.base}/sources", rigour="high") == [1]
    assert judge(coder, world, level="low", configuration_id=4, evidence_n=1)["source_id"] == 5
    assert ids(judged, base, rigour="none") == []


def test_chains_go_along_configurations_with_such_evidence_only(world: World, judged: Door) -> None:
    for start, end in ((1, 3), (3, 2)):
        link = {"kind": "feeds", "from_id": start, "to_id": end, "reason": "so"}
        made = judged.post(f"{world.base}/links", json=link)
        assert made.status_code == 201, made.text

    def ways(**wish: Any) -> tuple[list[list[int]], str]:
        answer = ask(judged, world, "chains", to="K1", **wish)
        return [chain["configurations"] for chain in answer["chains"]], answer["caption"]

    every, _ = ways()
    assert [1, 3, 2] in every
    some, caption = ways(rigour="high,low")
    assert some == [[1, 3]]
    assert "evidence of rigour high or low only" in caption


def test_relevance_is_asked_to_a_theory_area_or_to_any(
    world: World, shelf: Door, coder: Door
) -> None:
    for number, area, level in ((1, "trust", "high"), (1, "faith", "low"), (2, None, "low")):
        of: dict[str, Any] = {"source_id": number, "theory_area": area}
        judge(coder, world, dimension="relevance", level=level, **of)
    base = f"{world.base}/sources"
    assert ids(shelf, base, relevance="low") == [1, 2]
    assert ids(shelf, base, relevance="low", theory_area="trust") == []
    assert ids(shelf, base, relevance="none", theory_area="trust") == [2, 3, 4, 5]
    assert ids(shelf, base, relevance="none") == [3, 4, 5]
    for address in ("sources", "configurations"):
        alone = shelf.get(f"{world.base}/{address}", params={"theory_area": "trust"})
        assert "give relevance" in problem(alone, 422)["detail"]


@pytest.mark.parametrize(
    "address",
    ["sources", "configurations", "matrix", "evidence-table", "sources/file", "chains?to=K1"],
)
def test_a_level_nothing_can_have_is_refused_naming_those_there_are(
    world: World, shelf: Door, address: str
) -> None:
    sign = "&" if "?" in address else "?"
    refused = shelf.get(f"{world.base}/{address}{sign}richness=rich,high")
    said = "no level high of richness; choose of rich, thicker, thinner, disputed, none"
    assert said in problem(refused, 422)["detail"]


def test_evidence_tables_show_what_was_judged(world: World, judged: Door, coder: Door) -> None:
    judge(coder, world, dimension="relevance", level="high", source_id=1, theory_area="trust")
    judge(coder, world, level="low", configuration_id=2, evidence_n=1)
    names = ["configuration", "relevance", "richness", "rigour"]
    rows = ask(judged, world, "evidence-table", format="json", columns=names)
    assert [tuple(row.values()) for row in rows] == [
        ("C1", "trust: high", None, "high"),
        ("C2", None, None, "low"),
        ("C3", None, None, "low"),
        ("C4", None, None, None),
    ]
    wish = {"per": "configuration", "columns": ["rigour_of_sources"], "format": "json"}
    rows = ask(judged, world, "evidence-table", **wish)
    said = [row["rigour_of_sources"] for row in rows]
    assert said == ["high: 1", "disputed: 1", "low: 1", "none: 1"]


def test_agreement_is_of_appraisers_and_leaves_consensus_out(world: World, judged: Door) -> None:
    found = ask(judged, world, "appraisals/agreement", dimension="rigour")
    assert (found["subjects"], found["left_out"]) == (3, 0)
    assert found["scale"] == ["high", "moderate", "low"]
    assert found["raw"] == pytest.approx(1 / 3)
    [pair] = found["pairs"]
    assert {pair["one"], pair["other"]} == {world.users["coder"].id, world.users["editor"].id}
    assert pair["kappa"] == 0  # coder: all high; what is observed is what chance gives
    # By hand: n = 4 high, 2 low; one equal unit, two opposed; o = 4, e = 2·4·2 of one distance.
    assert found["alpha"] == pytest.approx(1 - (6 - 1) * 4 / 16)


def test_history_says_what_was_judged(world: World, judged: Door) -> None:
    sets = ask(judged, world, "history", kind="A")["items"]
    assert len(sets) == 8
    check = ask(judged, world, "check", limit=500)["items"]
    assert [f["thing"] for f in check if f["check"] == "appraisal_disputed"] == ["S2"]


def test_check_lists_judgements_of_evidence_that_is_gone(
    world: World, judged: Door, coder: Door
) -> None:
    judge(coder, world, level="low", configuration_id=1, evidence_n=1)
    gone = judged.delete(f"{world.base}/configurations/1/evidence/1", headers=ANY)
    assert gone.status_code in {200, 204}, gone.text
    found = ask(judged, world, "check", limit=500)["items"]
    [one] = [f for f in found if f["check"] == "appraisal_subject_gone"]
    assert one["thing"] == "A9"


def test_what_was_judged_of_a_duplicate_is_judged_of_what_stands_for_it(
    world: World, shelf: Door
) -> None:
    coder = world.door("coder")
    first = judge(coder, world, source_id=2, level="high")
    judge(shelf, world, source_id=1, level="low")
    merge = f"{world.base}/sources/2/merge"
    assert shelf.post(merge, json={"into_id": 1}, headers=ANY).status_code == 200
    assert ids(shelf, f"{world.base}/sources", rigour="disputed") == [1]
    assert ids(shelf, f"{world.base}/sources", rigour="none") == [3, 4, 5]
    assert ids(shelf, f"{world.base}/configurations", rigour="disputed") == [1, 2]
    [rigour] = [
        d for d in ask(shelf, world, "appraisals/levels")["items"] if d["dimension"] == "rigour"
    ]
    counts = {said["level"]: said["sources"] for said in rigour["levels"] if said["sources"]}
    assert counts == {"disputed": 1, "none": 3}
    [differ] = ask(shelf, world, "appraisals/disagreements")["items"]
    assert (differ["source_id"], len(differ["opinions"])) == (1, 2)
    assert ask(shelf, world, "appraisals/agreement", dimension="rigour")["subjects"] == 1
    assert ids(shelf, f"{world.base}/appraisals", source_id=1) == [1, 2]
    later = {"dimension": "rigour", "level": "low"}
    refused = shelf.post(f"{world.base}/appraisals", json=later | {"source_id": 2})
    assert "S2 is a duplicate of S1; appraise that one" in problem(refused, 422)["detail"]
    again = coder.post(f"{world.base}/appraisals", json=later | {"source_id": 1})
    assert problem(again, 409)["appraisal"] == first["id"]
    judge(shelf, world, source_id=1, level="moderate", is_consensus=True)
    assert ids(shelf, f"{world.base}/sources", rigour="moderate") == [1]
    unmerge = f"{world.base}/sources/2/unmerge"
    assert shelf.post(unmerge, headers=ANY).status_code == 200
    assert ids(shelf, f"{world.base}/sources", rigour="high") == [2]
