"""Transcripts: who says what, by pseudonym; names are in no text, table, history or archive."""

import json
import zipfile
from io import BytesIO
from typing import Any

import pytest

from app.library.transcripts import find_speakers
from tests.conftest import Door, World

TALK = """Interview 4, 12 May
Interviewer: What changed after the merger?
Mary Smith: Mary said it was slow. I told
MARY SMITH that trust takes time.\fInterviewer: And your colleagues?
Mary  Smith: Dr Jones's ward did well. Note: not all of it.
"""
NAMES = [
    {"name": "Mary Smith", "pseudonym": "Nurse 3"},
    {"name": "Mary", "pseudonym": "Nurse 3"},
    {"name": "Dr Jones", "pseudonym": "Doctor 1", "note": "another site"},
]


@pytest.fixture
def interview(world: World, coder: Door) -> None:
    wish = {"title": "Interviews", "kind": "transcript"}
    assert coder.post(f"{world.base}/sources", json=wish).status_code == 201


@pytest.fixture
def names(world: World, editor: Door) -> None:
    assert editor.post(f"{world.base}/pseudonyms", json={"items": NAMES}).status_code == 201


def upload(door: Door, world: World, text: str = TALK, **more: Any) -> Any:
    return door.post(
        f"{world.base}/sources/1/documents",
        content=text.encode(),
        params={"file_name": "Mary Smith.txt"} | more,
        headers={"Content-Type": "text/plain"},
    )


@pytest.mark.parametrize(
    "turn",
    [
        "{}: {}",
        "{}:\t{}",
        "[00:12:41] {}: {}",
        "{} (00:12:41): {}",
        "{} [00:12]: {}",
        "{} (ward manager): {}",
        "**{}:** {}",
        "**{}**: {}",
        "{}  0:03\n{}",
        "{}   00:12:41\n{}\n",
        "{}\uff1a{}",
    ],
)
def test_speakers_are_known_in_every_style(turn: str) -> None:
    said = [("Interviewer", "What changed?"), ("Mary O'Neill", "It was slow. At 9:30 we met.")]
    text = "Interview 4\n" + "\n".join(turn.format(*pair) for pair in said * 2)
    assert find_speakers(text) == ["Interviewer", "Mary O'Neill"]


@pytest.mark.usefixtures("interview")
def test_a_quote_carries_who_says_it(world: World, coder: Door, reader: Door) -> None:
    made = upload(coder, world, TALK.replace("Mary  Smith", "Mary Smith")).json()
    assert made["speakers"] == ["Interviewer", "Mary Smith"]
    turns = reader.get(f"{world.base}/documents/1/turns").json()["items"]
    assert [turn["speaker"] for turn in turns] == ["Interviewer", "Mary Smith"] * 2
    for exact, speaker in (
        ("trust takes time", "Mary Smith"),
        ("And your colleagues", "Interviewer"),
        ("your colleagues? Mary Smith: Dr Jones", "Interviewer / Mary Smith"),
        ("12 May", None),
    ):
        quote = {"source_id": 1, "exact": exact}
        said = coder.post(f"{world.base}/quotes", json=quote).json()
        assert said["speaker"] == speaker, exact
    own = {"source_id": 1, "exact": "did well", "speaker": "somebody else"}
    assert coder.post(f"{world.base}/quotes", json=own).json()["speaker"] == "somebody else"
    asked = reader.get(f"{world.base}/quotes", params={"speaker": "Mary Smith"}).json()
    assert [quote["id"] for quote in asked["items"]] == [1]


GROUP = """Focus group 2
Date: 12 May
Anna: The contract was long.
Interviewer: Did you sign?
Anna: I asked the director.
He said: sign at 10:30.
INTERVIEWER: Hm.
Anna: So we waited.
Cleo: The nurses refused to sign the contract.
Anna: All of them.
Ward manager: Not the night shift.
Interviewer: Thanks.
Note: the recorder fell over.
"""


@pytest.mark.usefixtures("interview")
def test_who_speaks_once_is_heard_and_nobody_is_credited_with_words_of_others(
    world: World, coder: Door, reader: Door
) -> None:
    assert upload(coder, world, GROUP).json()["speakers"] == ["Anna", "Interviewer", "Cleo"]
    for exact, speaker in (
        ("12 May", None),
        ("sign at 10:30", "Anna"),
        ("Hm.", "Interviewer"),
        ("refused to sign the contract", "Cleo"),
        ("Not the night shift", None),
        ("All of them. Ward manager: Not the night", None),
        ("Thanks", "Interviewer"),
        ("the recorder fell over", None),
    ):
        quote = {"source_id": 1, "exact": exact}
        said = coder.post(f"{world.base}/quotes", json=quote).json()
        assert said["speaker"] == speaker, exact
    turns = reader.get(f"{world.base}/documents/1/turns").json()["items"]
    assert [turn["speaker"] for turn in turns].count("Anna") == 4
    coder.put(f"{world.base}/documents/1/speakers", json={"speakers": ["Interviewer", "anna"]})
    assert coder.get(f"{world.base}/quotes/2").json()["speaker"] == "anna"
    assert coder.get(f"{world.base}/quotes/4").json()["speaker"] is None


@pytest.mark.usefixtures("interview")
def test_a_person_names_the_speakers_a_program_missed(world: World, coder: Door) -> None:
    assert upload(coder, world, "A: Yes, it grew.\nB: No.").json()["speakers"] is None
    coder.post(f"{world.base}/quotes", json={"source_id": 1, "exact": "it grew"})
    url = f"{world.base}/documents/1/speakers"
    refused = coder.put(url, json={"speakers": ["A", "C"]})
    assert (refused.status_code, "C:" in refused.json()["detail"]) == (422, True)
    assert coder.put(url, json={"speakers": ["A", "B"]}).json()["speakers"] == ["A", "B"]
    assert coder.get(f"{world.base}/quotes/1").json()["speaker"] == "A"
    assert coder.put(url, json={"speakers": []}).json()["speakers"] is None


def test_headings_and_times_are_no_speakers() -> None:
    assert find_speakers("[00:01:02] P1: Yes.\n00:02 - P2: No.\nP1 (00:03): So.\nP2: Ah.") == [
        "P1",
        "P2",
    ]
    assert find_speakers("Background: one.\nMethods: two.\nResults: three. Note: four.") == []
    talk = "P1: We met.\nP2: Monday 10:30\nP1: He left.\n{}P2: Good."
    for line in (
        "Monday 9:30\n",
        "He said: no.\nHe said: yes.\n",
        "Note: a.\nNote: b.\n",
        "Field Note 2: a.\n",
        "End of Recording: 12:30\n",
    ):
        assert find_speakers(talk.format(line)) == ["P1", "P2"]


def test_a_label_that_counts_on_from_others_speaks_once_too() -> None:
    assert find_speakers("p1: Yes.\np2: No.\np1: So.\np2: Ah.\np3: Well.\nreasons: two.") == [
        "p1",
        "p2",
        "p3",
    ]
    two = "First Nurse: Yes.\nHead of Quality and Safety: No.\n"
    assert find_speakers(two * 2) == ["First Nurse", "Head of Quality and Safety"]
    assert find_speakers("Anna  0:03\nYes.\nBo  0:05\nNo.\nAnna  0:07\nHm.\nCleo  0:09\nAh.") == [
        "Anna",
        "Bo",
        "Cleo",
    ]


@pytest.mark.usefixtures("interview", "names")
def test_names_are_put_out_before_anything_is_kept(world: World, coder: Door, editor: Door) -> None:
    refused = upload(coder, world)
    assert (refused.status_code, refused.json()["code"]) == (409, "names_found")
    assert refused.json()["places"] == 6
    choice = "put pseudonyms in their place, or to keep the names (pseudonymise, true or false)"
    assert choice in refused.json()["detail"]
    assert "Mary" not in refused.text
    assert coder.get(f"{world.base}/documents").json()["items"] == []
    made = upload(coder, world, pseudonymise=True).json()
    assert made["file_name"] == "Nurse 3.txt"
    assert made["speakers"] == ["Interviewer", "Nurse 3"]
    assert "names put out in 6 places" in made["notes"][0]
    text = coder.get(f"{world.base}/documents/1/text").json()["text"]
    assert "Mary" not in text.title()
    assert "Jones" not in text
    assert text[made["page_breaks"][0] :].startswith("Interviewer: And")
    assert "Doctor 1's ward" in text
    assert coder.get(f"{world.base}/documents/1/file").text == text
    quote = {"source_id": 1, "exact": "trust takes time"}
    assert coder.post(f"{world.base}/quotes", json=quote).json()["speaker"] == "Nurse 3"
    assert editor.get(f"{world.base}/pseudonyms/found").json()["items"] == []


@pytest.mark.usefixtures("interview", "names")
def test_a_name_that_still_stands_somewhere_is_found_also_in_the_history(
    world: World, coder: Door, editor: Door
) -> None:
    upload(
        coder,
        world,
        "Interviewer: Hm.\nP: Ask Mary\nSmith.\nInterviewer: Yes.\nP: No.",
        pseudonymise=False,
    )
    memo = {"kind": "theory", "text": "Dr Jones again?"}
    coder.post(f"{world.base}/memos", json=memo)
    coder.patch(f"{world.base}/memos/1", json={"text": "The doctor?"}, headers={"If-Match": "*"})
    found = editor.get(f"{world.base}/pseudonyms/found").json()["items"]
    assert {(f["thing"], f["column"], f["pseudonym"]) for f in found if f["thing"][0] in "DM"} == {
        ("D1", "document.text", "Nurse 3"),
        ("D1", "document.file_name", "Nurse 3"),
    }
    [told] = [f for f in found if f["thing"].startswith("H")]
    assert (told["column"], told["pseudonym"]) == ("change.before", "Doctor 1")


@pytest.mark.usefixtures("names")
def test_the_names_leave_only_when_an_editor_asks(world: World, reader: Door, editor: Door) -> None:
    def names_in(door: Door, **asked: Any) -> list[str | None]:
        answer = door.get(f"{world.base}/archive", params=asked)
        assert answer.status_code == 200, answer.text
        with zipfile.ZipFile(BytesIO(answer.content)) as archive:
            whole = b"".join(archive.read(name) for name in archive.namelist())
            lines = archive.read("pseudonyms.jsonl").splitlines()
        names = [json.loads(line).get("name") for line in lines]
        assert (b"Mary" in whole) == any(names)
        return names

    assert names_in(reader) == [None] * 3
    assert names_in(editor, with_pseudonym_map=True) == ["Mary Smith", "Mary", "Dr Jones"]
    refused = reader.get(f"{world.base}/archive", params={"with_pseudonym_map": True})
    assert (refused.status_code, refused.json()["role_needed"]) == (403, "editor")


@pytest.mark.usefixtures("names")
def test_a_name_that_was_deleted_is_forgotten_and_one_is_known_once(
    world: World, editor: Door
) -> None:
    again = editor.post(f"{world.base}/pseudonyms", json={"items": NAMES[:1]})
    assert (again.status_code, again.json()["code"]) == (409, "already_taken")
    assert editor.delete(f"{world.base}/pseudonyms/3").status_code == 204
    history = editor.get(f"{world.base}/history?limit=500").json()["items"]
    detail = editor.get(f"{world.base}/history/{history[-1]['id']}")
    assert "Jones" not in detail.text
    wish = {"kind": "P", "number": 3}
    assert editor.post(f"{world.base}/history/restore", json=wish).status_code == 200
    back = editor.get(f"{world.base}/pseudonyms").json()["items"][-1]
    assert (back["name"], back["pseudonym"]) == (None, "Doctor 1")
