"""A text laid out for reading holds every word once, and every passage where it stands."""

from hypothesis import given
from hypothesis import strategies as st

from app.library.boundaries import Setting
from app.web.reading import Mark, lay_out, parts_of

PIECES = (
    "Trust grew. ",
    "“It did,” they said. ",
    "Then\n",
    "\n\n",
    "naïve 🙂 words ",
    "e.g. this. ",
)
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
places = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), max_size=5)


@given(texts, places, st.sampled_from(list(Setting)))
def test_every_word_stands_once_and_passages_where_they_are(
    text: str, given_places: list[tuple[int, int]], setting: Setting
) -> None:
    marks = [
        Mark(n, start, min(start + length, len(text)), "exact")
        for n, (start, length) in enumerate(given_places, 1)
        if start < len(text)
    ]
    spans = [span for part in parts_of(text, setting) for span in part]
    paragraphs = lay_out(text, spans, None, marks)
    shown = dict.fromkeys((mark.number for mark in marks), "")
    for paragraph, (start, end) in zip(paragraphs, spans, strict=True):
        runs = [run for sentence in paragraph.sentences for run in sentence.runs]
        assert "".join(run.text for run in runs) == text[start:end]
        for run in runs:
            for mark in run.marks:
                shown[mark.number] += run.text
        for sentence in paragraph.sentences:
            words = "".join(run.text for run in sentence.runs)
            assert words.startswith(text[sentence.start : sentence.end])
    for mark in marks:
        cuts = [(max(s, mark.start), min(e, mark.end)) for s, e in spans]
        assert shown[mark.number] == "".join(text[s:e] for s, e in cuts if s < e)


def test_pages_are_named_where_they_begin() -> None:
    text = "One.\n\nTwo.\n\nThree.\n\nFour."
    spans = parts_of(text, Setting.APART)[0]
    paragraphs = lay_out(text, spans, [6, 19], [])
    assert [p.page for p in paragraphs] == [1, 2, None, 3]
    assert [p.label for p in paragraphs] == ["1", "2", None, "3"]
    printed = lay_out(text, spans, [6, 19], [], ["xi", "101", "102"])
    assert [p.label for p in printed] == ["xi", "101", None, "102"]


def test_a_long_text_comes_in_parts_of_whole_paragraphs() -> None:
    paragraph = "Words that go on. " * 500
    text = "\n\n".join([paragraph] * 20)
    parts = parts_of(text, Setting.APART)
    assert len(parts) > 2
    assert [span for part in parts for span in part] == parts_of(text, Setting.APART)[0] + [
        span for part in parts[1:] for span in part
    ]
    assert parts_of("", Setting.APART) == [[]]
