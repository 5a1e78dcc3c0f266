"""Programme theories in the browser: stating, weighing, judging, going on to the next version."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from tests.conftest import World
from tests.web.test_chain_pages import sent
from tests.web.test_matrix_pages import API, HOME, sign_in
from tests.web.test_sign_in_pages import Browser

pytestmark = pytest.mark.sqlite_only

PAGE = f"{HOME}/theories"


@pytest.fixture
def editor(world: World, session: Session) -> Iterator[Browser]:
    """An editor of a review with one configuration, one quote, and no theory."""
    owner = world.door("owner")
    owner.post(f"{world.base}/sources", json={"title": "One"})
    quote = {"source_id": 1, "exact": "what was said"}
    body = {"title": "Small promises", "elements": [], "evidence": [{"quote": quote}]}
    assert owner.post(f"{world.base}/configurations", json=body).status_code == 201
    browser = sign_in(world, session, "editor")
    yield browser
    browser.close()


def write(browser: Browser) -> str:
    """Write a theory with a first proposition through the form, and return where that leads."""
    return sent(
        browser,
        browser.get(PAGE).text,
        "New programme theory",
        **{
            "title": "Trust first",
            "stage": "initial",
            "propositions.0.statement": "If promises are kept, trust grows.",
            "propositions.0.origin?": "policy",
        },
    )


def test_a_theory_is_written_with_its_first_proposition(editor: Browser) -> None:
    assert "No programme theory yet" in editor.get(PAGE).text
    assert write(editor) == f"{PAGE}/1"
    page = editor.get(f"{PAGE}/1").text
    assert "If promises are kept, trust grows." in page
    assert "It stands on nothing coded yet" in page
    assert "1 proposition: 1 open" in editor.get(PAGE).text


def test_grounds_and_quotes_stand_for_and_against_a_proposition(editor: Browser) -> None:
    page = editor.get(write(editor)).text
    leads = sent(
        editor, page, "Ground of T1.1", configuration_id="1", stance="supports", reason="it did"
    )
    assert leads == f"{PAGE}/1#T1.1"
    sent(editor, page, "Quote for T1.1", quote_id="1", stance="refutes")
    page = editor.get(f"{PAGE}/1").text
    for said in ("Small promises", "it did", "what was said", "✓", "✕"):
        assert said in page
    sent(editor, page, "Remove ground 1 of T1.1")
    assert "Small promises" not in editor.get(f"{PAGE}/1").text.partition("<datalist")[0]


def test_a_verdict_has_a_day_a_reason_and_an_inference_and_stays(editor: Browser) -> None:
    here = write(editor)
    assert "Remove T1.1" in editor.get(here).text
    for verdict, day in (("affirmed", "2026-03-02"), ("revised", "2026-05-04")):
        sent(
            editor,
            editor.get(here).text,
            "Verdict on T1.1",
            verdict=verdict,
            decided_on=day,
            reason=f"because {verdict}",
            inference="retroduction",
        )
    page = editor.get(f"{PAGE}/1").text
    for said in ("because affirmed", "because revised", "2 March 2026", "retroduction", "Editor"):
        assert said in page
    assert "Remove T1.1" not in page
    assert "1 proposition: 1 revised" in editor.get(PAGE).text


def test_a_proposition_is_revised_and_another_stated(editor: Browser) -> None:
    page = editor.get(write(editor)).text
    sent(
        editor,
        page,
        "Revise T1.1",
        statement="Kept promises may grow trust.",
        abstraction="middle range",
        certainty="low",
        origin="policy",
    )
    sent(editor, page, "New proposition", statement="Broken ones undo it.", origin="reviewers")
    page = editor.get(f"{PAGE}/1").text
    for said in ("Kept promises may grow trust.", "level: middle range", "certainty low", "T1.2"):
        assert said in page


def test_the_next_version_takes_propositions_and_grounds_along(editor: Browser) -> None:
    page = editor.get(write(editor)).text
    sent(editor, page, "Ground of T1.1", configuration_id="1", stance="refines")
    page = editor.get(f"{PAGE}/1").text
    assert sent(editor, page, "Next version of T1", title="Trust, refined") == f"{PAGE}/2"
    theory = editor.get(f"{API}/theories/2").json()
    [proposition] = theory["propositions"]
    assert (theory["refines_id"], theory["stage"]) == (1, "refined")
    assert (proposition["origin"], proposition["verdicts"]) == ("policy", [])
    assert [(g["configuration_id"], g["stance"]) for g in proposition["grounds"]] == [
        (1, "refines")
    ]


def test_what_follows_is_recommended_revised_and_withdrawn(editor: Browser) -> None:
    page = editor.get(write(editor)).text
    sent(
        editor,
        page,
        "New recommendation",
        text="Promise little",
        scope="early on",
        **{"configurations[]": "1"},
    )
    page = editor.get(f"{PAGE}/1").text
    assert "Where: early on" in page
    sent(editor, page, "Revise R1", text="Promise less", scope="")
    page = editor.get(PAGE).text
    assert "Promise less" in page
    assert "early on" not in page
    sent(editor, page, "Withdraw R1")
    assert "Promise less" not in editor.get(PAGE).text


def test_a_memo_stands_beside_its_proposition_and_in_the_stream(
    world: World, session: Session, editor: Browser
) -> None:
    write(editor)
    coder = sign_in(world, session, "coder")
    page = coder.get(f"{PAGE}/1").text
    leads = sent(coder, page, "Memo on T1.1", kind="theory", text="Which promises?")
    assert leads == f"{PAGE}/1#T1.1"
    section = coder.get(f"{PAGE}/1").text.split('id="T1.1"')[1].split("</section>")[0]
    assert "Which promises?" in section
    for address in (f"{HOME}/memos", f"{HOME}/memos/1"):
        assert f'href="{PAGE}/1#T1.1">T1.1</a>' in coder.get(address).text
    sent(coder, page, "Memo", kind="method", text="Begun in May.")
    assert coder.get(f"{API}/memos/2").json()["subject_part"] is None
    assert "Begun in May." in coder.get(f"{PAGE}/1").text.split('id="memos"')[1]
    coder.close()


def test_a_theory_is_deleted_and_coders_are_offered_only_memos(
    world: World, session: Session, editor: Browser
) -> None:
    page = editor.get(write(editor)).text
    coder = sign_in(world, session, "coder")
    read = coder.get(f"{PAGE}/1").text
    coder.close()
    assert "If promises are kept" in read
    assert read.count("data-sends") == read.count(f'action="{API}/memos"') == 2
    sent(editor, page, "Delete T1")
    assert editor.get(f"{PAGE}/1").status_code == 410
