"""A passage on its page: the right page, its printed number, and rectangles where its words are."""

from typing import Any

import pytest

from app.library.boundaries import Setting, paragraph_spans, sentence_spans
from app.library.extraction import Bounds, extract
from app.library.layout import layout_path
from app.library.page_numbers import page_labels
from tests.conftest import Door, World
from tests.library.paper import column, docx, pdf, turned

PDF = "application/pdf"
LEFT = "Trust needs to be in place before collab-\noration can begin, and this takes\ntime."
RIGHT = "The right column goes on with faith\nin the venture."
LINE = 14


def upload(door: Door, world: World, content: bytes, media_type: str = PDF, **more: Any) -> Any:
    door.post(f"{world.base}/sources", json={"title": "On trust"})
    return door.post(
        f"{world.base}/sources/1/documents",
        content=content,
        params={"file_name": "paper"} | more,
        headers={"Content-Type": media_type},
    ).json()


def text_of(door: Door, world: World) -> str:
    text: str = door.get(f"{world.base}/documents/1/text").json()["text"]
    return text


def place(door: Door, world: World, wording: str) -> Any:
    start = text_of(door, world).index(wording)
    asked = {"start": start, "end": start + len(wording)}
    answer = door.get(f"{world.base}/documents/1/passages", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["pages"]


def is_on_line(rectangle: list[float], x: float, y: float, width: float) -> bool:
    """Within half a line of where it was set, and about so wide."""
    left, bottom, right, top = rectangle
    return abs(left - x) < 2 and bottom < y < top < bottom + 2 * LINE and right - left < width


def test_each_line_of_a_passage_has_one_rectangle_and_columns_have_their_own(
    world: World, reader: Door, coder: Door
) -> None:
    upload(coder, world, pdf([[*column(LEFT), *column(RIGHT, x=320)], column("Overleaf.")]))
    [page] = place(reader, world, "collab-\noration can begin, and this takes\ntime")
    assert (page["page"], page["label"], page["rotation"]) == (1, "1", 0)
    assert [round(edge) for edge in page["box"]] == [0, 0, 595, 842]
    first, second, third = page["rectangles"]
    assert first[0] > 200
    assert is_on_line(second, 72, 706, 220)
    assert is_on_line(third, 72, 692, 30)
    [page] = place(reader, world, "right column")
    [only] = page["rectangles"]
    assert only[0] > 330
    whole = text_of(reader, world)
    [*_, last] = place(reader, world, whole)
    assert (last["page"], last["start"]) == (2, whole.index("\f") + 1)


def test_a_passage_within_a_word_gets_its_share_of_it(world: World, coder: Door) -> None:
    upload(coder, world, pdf([column("collaboration")]))
    whole, part = (
        place(coder, world, words)[0]["rectangles"][0] for words in ("collaboration", "abor")
    )
    assert whole[0] < part[0] < part[2] < whole[2]


def test_a_line_that_ends_within_a_short_word_stays_one(world: World, coder: Door) -> None:
    upload(coder, world, pdf([column("It was ill, a rise of 7.4 points.")]))
    for wording in ("It was ill, a", "a rise of 7", "ill"):
        assert len(place(coder, world, wording)[0]["rectangles"]) == 1, wording


def test_a_turned_page_says_so_and_places_words_as_they_lie(world: World, coder: Door) -> None:
    upload(coder, world, pdf([column("Words the right way up.")], rotated=90))
    [page] = place(coder, world, "right way")
    assert page["rotation"] == 90
    [rectangle] = page["rectangles"]
    assert rectangle[1] < 720 < rectangle[3]


@pytest.mark.parametrize("is_shown_upright", [False, True])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_of_a_turned_page_are_placed_where_they_lie(
    world: World, coder: Door, turn: int, *, is_shown_upright: bool
) -> None:
    lines = column("First comes a line,\nthen a second.", top=700)
    upload(coder, world, turned(lines, turn, is_shown_upright=is_shown_upright))
    [page] = place(coder, world, "First")
    [[left, bottom, right, top]] = page["rectangles"]
    x, y = {0: (72, 700), 90: (142, 72), 180: (770, 142), 270: (700, 770)}[
        turn if is_shown_upright else 0
    ]
    assert page["rotation"] == turn
    assert (left - 2 < x < right + 2, bottom - 2 < y < top + 2) == (True, True)


def test_a_quote_is_shown_on_the_pages_it_runs_over(world: World, coder: Door) -> None:
    upload(coder, world, pdf([column("It runs over be-"), column("cause paper ends.")]))
    quote = {"source_id": 1, "exact": "runs over because paper"}
    coder.post(f"{world.base}/quotes", json=quote)
    pages = coder.get(f"{world.base}/quotes/1/place").json()["pages"]
    assert [(p["page"], len(p["rectangles"])) for p in pages] == [(1, 1), (2, 1)]
    coder.post(f"{world.base}/quotes", json=quote | {"exact": "nobody wrote this, ever"})
    nowhere: dict[str, Any] = {"document_id": None, "start": None, "end": None, "pages": []}
    assert coder.get(f"{world.base}/quotes/2/place").json() == nowhere


def test_lost_places_are_found_again(world: World, coder: Door) -> None:
    made = upload(coder, world, pdf([column("Small early targets.")]))
    before = place(coder, world, "early")
    kept = layout_path(world.app.state.settings.files_dir, made["sha256"])
    kept.unlink()
    assert place(coder, world, "early") == before
    assert kept.is_file()


def test_a_text_without_pages_has_no_places_and_positions_are_checked(
    world: World, coder: Door
) -> None:
    upload(coder, world, b"One. Two.", "text/plain")
    url = f"{world.base}/documents/1/passages"
    assert coder.get(url, params={"start": 0, "end": 4}).json()["pages"] == []
    for start, end in ((4, 4), (5, 4), (0, 10)):
        refused = coder.get(url, params={"start": start, "end": end})
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("told", "first", "labels"),
    [
        (["i", "ii", "1"], "a", ["i", "ii", "1"]),
        (["1", "2", "3"], "a", None),
        (None, "Running head 213", ["213", "214", "215"]),
        (None, "In 2021 we", None),
    ],
)
def test_pages_are_called_as_the_file_or_the_print_says(
    told: list[str] | None, first: str, labels: list[str] | None
) -> None:
    pages = [first] + [first.replace("213", str(213 + n)) for n in (1, 2)]
    text = "\f".join(f"{page}\nwords of the page\nmore 4 of them\nand\nan end" for page in pages)
    breaks = [at + 1 for at, character in enumerate(text) if character == "\f"]
    assert page_labels(text, breaks, told) == labels


def test_a_quote_gets_the_printed_page(world: World, coder: Door) -> None:
    pages = [[*column(f"Words {n} on it."), (300, 40, str(213 + n))] for n in range(3)]
    made = upload(coder, world, pdf(pages))
    assert made["page_labels"] == ["213", "214", "215"]
    quote = coder.post(f"{world.base}/quotes", json={"source_id": 1, "exact": "Words 1 on"}).json()
    assert quote["page"] == "214"
    coder.post(f"{world.base}/quotes", json={"source_id": 1, "exact": "Words 2", "page": "215"})
    wrong = {"source_id": 1, "exact": "Words 2", "page": "216"}
    coder.post(f"{world.base}/quotes", json=wrong)
    checked = coder.get(f"{world.base}/quotes/check").json()
    assert [(c["id"], c["page_found"]) for c in checked["items"]] == [(3, "215")]


def test_whoever_sends_a_file_may_say_how_its_pages_are_numbered(world: World, coder: Door) -> None:
    made = upload(coder, world, b"One.\fTwo.", "text/plain", first_page=811)
    assert made["page_labels"] == ["811", "812"]


def sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    "parts",
    [
        ["Trust grew (Aunger et al. 2021).", "Then it fell."],
        ["Some, e.g. alliances, i.e. networks, differ.", "Others do not."],
        ["J. R. Smith led it.", "It was 3.5 times larger!", "Why?"],
        ["See Fig. 2 and pp. 13–15.", "They agree."],
        ["\u201cWe trusted them.\u201d", "She paused \u2026 and went on."],
        ["It ended in 2021.", "Then came Covid."],
        ["Faith fell.[12,13]", "Trust did not.\u00b3", "Nobody knows."],
        ["Das gilt z. B. für Fusionen, vgl. Abb. 3.", "Danach nicht."],
        ["M. Dupont l’a dit.", "«\u00a0Pourquoi\u00a0?\u00a0»"],
        ["The U.S. system differs.", "Dr. Jones said so."],
        ["信任需要时间。", "信念也是。"],
    ],
)
def test_sentences_end_where_a_reader_ends_them(parts: list[str]) -> None:
    joint = "" if parts[0].endswith("。") else " "
    assert sentences(joint.join(parts)) == parts


def test_paragraphs_follow_how_the_text_was_set() -> None:
    def found(text: str, setting: Setting) -> list[str]:
        return [text[a:b] for a, b in paragraph_spans(text, setting)]

    assert found("One\nline.\n\n\nTwo.\n", Setting.APART) == ["One\nline.", "Two."]
    assert found("One.\nTwo.\n", Setting.LINES) == ["One.", "Two."]
    long = "A line of words that goes on to the margin and"
    text = f"Results\n{long}\n{long}\nends here.\n{long}\f{long}\nends."
    assert found(text, Setting.TYPESET) == [
        "Results",
        f"{long}\n{long}\nends here.",
        f"{long}\f{long}\nends.",
    ]


def test_boundaries_are_code_points_of_the_text(world: World, coder: Door) -> None:
    content = docx("<w:p><w:r><w:t>A 😀. Second one.</w:t></w:r></w:p>" * 2)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    upload(coder, world, content, kind)
    text = text_of(coder, world)
    url = f"{world.base}/documents/1/boundaries"
    found = coder.get(url).json()
    assert [text[a:b] for a, b in found["sentences"]] == ["A 😀.", "Second one."] * 2
    assert len(found["paragraphs"]) == 2
    assert found["end"] == found["length"] == len(text)
    later = coder.get(url, params={"start": 1}).json()
    assert later["paragraphs"] == found["paragraphs"][1:]


def test_a_broken_page_costs_only_itself() -> None:
    found = extract(pdf([column("Fine."), column("Also fine.")]), PDF, Bounds(20, 1024))
    assert found.notes == []
    assert found.properties == {}


def test_the_words_of_a_page_are_those_of_the_text_where_passages_place_them(
    world: World, coder: Door
) -> None:
    upload(coder, world, pdf([column(LEFT), column("Over-\nleaf it goes on.")], rotated=90))
    text = text_of(coder, world)
    pages = coder.get(f"{world.base}/documents/1/pages").json()["items"]
    assert [(p["page"], p["rotation"], p["end"]) for p in pages] == [
        (1, 90, text.index("\f") + 1),
        (2, 90, len(text)),
    ]
    for page in pages:
        read = coder.get(f"{world.base}/documents/1/pages/{page['page']}").json()
        assert {name: read[name] for name in page} == page
        assert read["text"] == text[page["start"] : page["end"]]
        words = [text[start:end] for start, end, *_ in read["words"]]
        assert words == read["text"].split()
        for start, end, *box in read["words"]:
            asked = {"start": start, "end": end}
            placed = coder.get(f"{world.base}/documents/1/passages", params=asked).json()
            assert placed["pages"][0]["rectangles"] == [box]
    gone = coder.get(f"{world.base}/documents/1/pages/3")
    assert (gone.status_code, "2 pages" in gone.json()["detail"]) == (404, True)


def test_pages_of_a_plain_text_have_no_boxes(world: World, coder: Door) -> None:
    upload(coder, world, b"One.\x0cTwo.", "text/plain")
    frames = coder.get(f"{world.base}/documents/1/pages").json()["items"]
    assert [(frame["start"], frame["end"], frame["box"]) for frame in frames] == [
        (0, 5, None),
        (5, 9, None),
    ]
    assert coder.get(f"{world.base}/documents/1/pages/2").json()["words"] == []
