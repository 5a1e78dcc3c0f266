"""Any text, real documents, and very long ones: passages are found, and in time."""

import os
import random
import re
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.coding.anchoring import (
    MOST_CANDIDATES,
    Anchor,
    Verification,
    anchor,
)
from app.coding.folding import fold_document
from app.library.documents import canonical_text

CORPUS = Path(
    os.environ.get("RETRODUCE_CORPUS", Path(__file__).parents[2].parent / "shared" / "corpus")
)


def places(anchored: Anchor) -> list[tuple[int, int]]:
    passages = anchored.candidates or ((anchored.passage,) if anchored.passage else ())
    return [(passage.start, passage.end) for passage in passages]


TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab \n-\u00ad\u200b\u2019'\u2013\ufb01\u0301\u2026.\U0001f600\u1161"),
        st.characters(),
    ),
    min_size=1,
    max_size=60,
)


WORDS = st.lists(
    st.text("abcdefgh\U0001d538\u00e9", min_size=3, max_size=8), min_size=2, max_size=8
)


@given(text=TEXTS, ends=st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_any_slice_is_found_where_it_was_cut(text: str, ends: tuple[int, int]) -> None:
    start, end = sorted(ends)
    quote = text[start:end]
    assume(quote.strip())
    anchored = anchor(text, quote)
    spans = places(anchored)
    assert all(text[low:high] == quote for low, high in spans)
    assert (start, start + len(quote)) in spans or len(spans) == MOST_CANDIDATES
    assert places(anchor(text, quote, start=start)) == [(start, start + len(quote))]


@given(text=TEXTS, quote=TEXTS, start=st.none() | st.integers(-9, 99), context=TEXTS)
def test_places_always_lie_within_the_text(
    text: str, quote: str, start: int | None, context: str
) -> None:
    assume(quote.strip())
    anchored = anchor(text, quote, prefix=context, suffix=context, start=start)
    assert all(0 <= low < high <= len(text) for low, high in places(anchored))
    assert (anchored.passage is None) == (
        anchored.verification in {Verification.AMBIGUOUS, Verification.NOT_FOUND}
    )


@given(words=WORDS, noise=st.randoms(use_true_random=False))
def test_noise_of_typesetting_leaves_a_passage_normalised(
    words: list[str], noise: random.Random
) -> None:
    choice = noise.choice
    joints = [choice([" ", "-", " - ", "' ", ' "']) for _ in words[1:]]
    variants = {
        " ": [" ", "\n", "\u00a0 ", " \u200b\t", "\r\n\r\n"],
        "-": ["-", "\u2010", "\u2013", "-\n", "\u2014 \n "],
        "'": ["'", "\u2019", "\u2032", "\u2018"],
        '"': ['"', "\u201c", "\u201d", "\u00ab"],
    }

    def set_in_type(word: str) -> str:
        cut = choice(range(1, len(word)))
        return word[:cut] + choice(["", "\u00ad", "-\n", "\u200b"]) + word[cut:]

    plain = typeset = words[0]
    for joint, word in zip(joints, words[1:], strict=True):
        plain += joint + word
        spaced = "".join(choice(variants[mark]) for mark in joint)
        typeset += spaced.replace("-\n ", "- ") + set_in_type(word)
    text = f"Before. {plain} After."
    assume(typeset not in text)
    assert (8, 8 + len(plain)) in places(anchor(text, typeset, prefix="Before.", start=8))
    assert anchor(text, typeset, start=8).verification is Verification.NORMALISED
    document = f"Before. {typeset} After."
    assert anchor(document, plain, start=8).verification is Verification.NORMALISED
    assert places(anchor(document, plain, start=8)) == [(8, 8 + len(typeset))]


def test_searches_five_hundred_pages_within_seconds() -> None:
    text = "".join(
        f"Partner {n} of {n * 7919 % 9973}\nmet its \u2018peers\u2019 and co-\noperated. "
        for n in range(30_000)
    )
    quote = f"Partner 20000 of {20000 * 7919 % 9973} met its 'peers' and cooperated."
    began = time.perf_counter()
    assert anchor(text, quote).verification is Verification.NORMALISED
    assert time.perf_counter() - began < 2
    began = time.perf_counter()
    assert anchor(text, quote.replace("Partner", "Partnor")).passage is not None
    assert time.perf_counter() - began < 6


@pytest.mark.parametrize("unit", [" ", "\n", "-", "- ", "a-\n", ". ", "[ ", "\u00ad", "e\u0301"])
def test_takes_linear_time_on_monotonous_text(unit: str) -> None:
    began = time.perf_counter()
    anchor("x" + unit * 100_000, "[ " * 2000 + "x ... y" + unit * 2000)
    assert time.perf_counter() - began < 6


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["seed/article.txt", "ogl/realist-evaluation.md"])
def test_finds_quotes_across_line_breaks_of_real_documents(name: str) -> None:
    path = CORPUS / name
    if not path.exists():
        pytest.skip(f"the corpus has no {name} beside the project")
    text = canonical_text(path.read_bytes().decode())
    breaks = [match for match in re.finditer(r"\w[^\w\n]*(\n\s*)\w", text) if match.start() > 60]
    assert len(breaks) > 10
    for match in breaks:
        start, end = match.start() - 40, match.end() + 40
        passage = text[start:end].strip()
        start = text.index(passage, start)
        retyped = re.sub(r"\s+", "  ", passage.replace("\u2019", "'"))
        anchored = anchor(text, retyped, start=start)
        assert anchored.verification is Verification.NORMALISED
        assert places(anchored) == [(start, start + len(passage))]


def test_chooses_among_very_many_places_by_context_or_position_within_a_second() -> None:
    text = "the team met. " * 50_000 + "All in all, they learned. " + "the team met. " * 50_000
    fold_document(text)
    began = time.perf_counter()
    framed = anchor(text, "e", prefix="they l", suffix="arned")
    assert places(framed) == [(text.index("learned") + 1, text.index("learned") + 2)]
    near = anchor(text, "e", prefix="h", start=14_001)
    assert places(near) == [(14_002, 14_003)]
    assert anchor(text, "e", prefix="oh").verification is Verification.AMBIGUOUS
    assert time.perf_counter() - began < 3


def test_does_not_look_for_anything_similar_to_very_long_passages() -> None:
    text = "one two three four five " * 2_000
    began = time.perf_counter()
    assert anchor(text, text.replace("three", "thre")).verification is Verification.NOT_FOUND
    assert time.perf_counter() - began < 3


@pytest.mark.parametrize("start", [None, 200_000])
@pytest.mark.parametrize("unit", ["a", "a-", "\u00e4 "])
def test_finds_a_passage_overlapping_itself_within_seconds(unit: str, start: int | None) -> None:
    text = unit * 400_000
    fold_document(text)
    began = time.perf_counter()
    found = anchor(text, unit * 10_000 + unit[0], prefix="b", start=start and start + 1)
    anchor(text, "\u2019" + unit * 20_000, start=start)
    anchor(text, "b" + unit * 20_000, start=start)
    assert found.passage is not None or found.verification is Verification.AMBIGUOUS
    assert time.perf_counter() - began < 6


@pytest.mark.parametrize("start", [None, 500_001])
def test_keeps_few_of_very_many_places(start: int | None) -> None:
    text = "e " * 500_000
    tracemalloc.start()
    found = anchor(text, "e", prefix="x", start=start)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.verification is Verification.AMBIGUOUS
    expected = [0, 2] if start is None else [500_000, 500_002]
    assert [candidate.start for candidate in found.candidates[:2]] == expected
    assert most < 5_000_000
