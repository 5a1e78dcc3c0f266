"""Hundreds of passages of typeset papers and a real guide, disturbed as people do: every state."""

import random
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from app.coding.anchoring import Anchor, Verification, anchor
from app.coding.differing import difference
from app.library.documents import canonical_text
from app.library.extractors import answer
from tests.coding.test_anchoring_at_large import CORPUS
from tests.coding.typesetting import DISTURBED, KEPT, paper, sentences
from tests.conftest import Door, World

PDF = "application/pdf"
LAYOUTS: dict[str, dict[str, Any]] = {
    "english, one column": {"language": "english"},
    "english, two columns, heads and notes": {
        "language": "english",
        "columns": 2,
        "heads": True,
        "notes": True,
        "first": 213,
    },
    "german, two columns": {"language": "german", "columns": 2},
    "french, heads": {"language": "french", "heads": True},
}


@cache
def text_of(layout: str) -> str:
    wish = dict(LAYOUTS[layout])
    made = sentences(wish.pop("language"), 260, seed=len(layout))
    text: str = answer(paper(made, **wish), PDF)["text"]
    return text


def as_read(passage: str) -> str:
    """What somebody types who reads a passage: words whole, lines joined."""
    return re.sub(r"\s+", " ", re.sub(r"(?<=[^\W\d_])-\n(?=[^\W\d_])", "", passage)).strip()


def passages(text: str, count: int, chance: random.Random) -> Iterator[tuple[int, int]]:
    """Stretches of ten to forty words within a page, cut at spaces."""
    words = [match.span() for match in re.finditer(r"(?<!\S)\w\S*", text)]
    while count:
        first = chance.randrange(len(words) - 45)
        start, end = words[first][0], words[first + chance.randrange(10, 40)][1]
        if "\f" not in text[start:end] and text.count(text[start:end]) == 1:
            count -= 1
            yield start, end


def covers(found: Anchor, start: int, end: int) -> bool:
    """Found where it was taken from, give or take a word at either end."""
    place = found.passage
    return place is not None and abs(place.start - start) < 25 and abs(place.end - end) < 25


def stands_once(wording: str, flat: str) -> bool:
    """What an elision leaves on either side tells the place."""
    words = wording.split(" ")
    return all(flat.count(" ".join(part)) == 1 for part in (words[:KEPT], words[-KEPT:]))


def wrong_states(text: str, count: int, seed: int) -> list[str]:
    """Disturb passages of a text in every way, and list what was not found as it must be."""
    chance, flat = random.Random(seed), as_read(text)
    wrong = []
    for start, end in passages(text, count, chance):
        wording = as_read(text[start:end])
        literal = text[start:end]
        cases = {"exact as it stands": literal}
        cases |= {name: disturb(wording, chance) or "" for name, disturb in DISTURBED.items()}
        for name, given in cases.items():
            if not given or (name.endswith("elision") and not stands_once(wording, flat)):
                continue
            found = anchor(text, given)
            state = "exact" if given == literal else name.split()[0]
            is_right = found.verification.value == state and (
                state == "not_found" or covers(found, start, end)
            )
            if not is_right:
                wrong.append(f"{name}: {found.verification}: {given!r}")
    return wrong


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_state_is_right_in_typeset_papers(layout: str) -> None:
    assert wrong_states(text_of(layout), 50, seed=7) == []


@pytest.mark.corpus
def test_every_state_is_right_in_a_real_guide() -> None:
    path = CORPUS / "ogl" / "realist-evaluation.md"
    if not path.exists():
        pytest.skip("the corpus has no ogl/realist-evaluation.md beside the project")
    assert wrong_states(canonical_text(path.read_bytes().decode()), 100, seed=3) == []


def test_one_wrong_word_is_shown_as_the_only_difference() -> None:
    text, chance = text_of("english, one column"), random.Random(5)
    for start, end in passages(text, 20, chance):
        wording = as_read(text[start:end])
        given = DISTURBED["approximate wrong word"](wording, chance)
        if given is None:
            continue
        place = anchor(text, given).passage
        assert place is not None
        shown = difference(given, as_read(text[place.start : place.end]))
        assert re.findall(r"\[-(.*?)-\]", shown) == ["zebra"], shown


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if "heads" in name])
def test_a_passage_over_the_page_is_found_whatever_stands_between(layout: str) -> None:
    text = text_of(layout)
    pages = text.split("\f")
    heads = [page.split("\n", 1)[0] for page in pages]
    assert len(pages) > 3
    for number in range(1, len(pages) - 1):
        before, after = pages[number - 1], pages[number].split("\n", 1)[1]
        body = re.sub(r"\n\d+ A note of page .*", "", before)
        wording = as_read(body[-90:].split(" ", 1)[1] + "\n" + after[:90].rsplit(" ", 1)[0])
        found = anchor(text, wording)
        assert found.verification is Verification.NORMALISED, wording
        assert found.passage is not None
        span = text[found.passage.start : found.passage.end]
        assert "\f" in span
        assert heads[number] in span


def test_a_passage_that_stands_twice_is_for_a_person_unless_its_context_tells() -> None:
    text, chance = text_of("english, one column"), random.Random(11)
    for start, end in passages(text, 30, chance):
        twice = f"{text}\n\nQuoted again: {text[start:end]} (end of it)"
        found = anchor(twice, as_read(text[start:end]))
        assert found.verification is Verification.AMBIGUOUS
        assert [place.start for place in found.candidates] == [start, len(text) + 16]
        told = anchor(twice, as_read(text[start:end]), prefix="Quoted again:")
        assert told.passage is not None
        assert told.passage.start == len(text) + 16


@pytest.mark.sqlite_only
def test_every_wrong_page_is_named_and_no_right_one(world: World, coder: Door) -> None:
    coder.post(f"{world.base}/sources", json={"title": "On trust"})
    layout = LAYOUTS["english, two columns, heads and notes"]
    made = sentences("english", 260, seed=len("english, two columns, heads and notes"))
    content = paper(made, **{name: v for name, v in layout.items() if name != "language"})
    document = coder.post(
        f"{world.base}/sources/1/documents",
        content=content,
        params={"file_name": "a.pdf"},
        headers={"Content-Type": PDF},
    ).json()
    text, chance = coder.get(f"{world.base}/documents/1/text").json()["text"], random.Random(2)
    items, expected = [], []
    for n, (start, end) in enumerate(passages(text, 40, chance), start=1):
        label = document["page_labels"][text.count("\f", 0, start)]
        is_wrong = n % 4 == 0
        expected += [n] if is_wrong else []
        page = (
            str(int(label) + 1) if is_wrong else [label, f"p. {label}", f"{label}-{label}"][n % 3]
        )
        items.append({"source_id": 1, "exact": as_read(text[start:end]), "page": page})
    coder.post(f"{world.base}/quotes/bulk", json={"items": items})
    found = coder.get(f"{world.base}/quotes/check").json()
    assert [check["id"] for check in found["items"] if check["is_wrong_page"]] == expected
    assert found["wrong_pages"] == len(expected)
