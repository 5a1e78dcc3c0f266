"""One folding: what an index holds, what a query asks, what is marked in the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.fulltext.passages import LONGEST, MOST_REPEATED, passages, portions
from app.fulltext.query import year_beginnings
from app.fulltext.words import spans, words

AWKWARD = st.text(
    st.one_of(
        st.sampled_from("aB ﬁß\u0131İΣςé\u0301\u00ad-\n\u200b’'“信か\u3099ไท\u1100\u1161😀3.५٣ـ"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße", "STRASSE"),
        ("İstanbul \u0131s\u0131", "istanbul ISI"),
        ("ΣΟΦΟΣ", "σοφός"),
        ("naïve", "nai\u0308ve"),
        ("Jørgensen, Łukasz, Æther, Þór", "jorgensen lukasz aether thor"),
        ("ﬁnance of oﬃces", "finance of offices"),
        ("co\u00adoperation", "cooperation"),
        ("collabo-\n   ration", "collaboration"),
        ("\uff46\uff55\uff4c\uff4c \uff11\uff12", "full 12"),
        ("الثِّقَة", "الثقة"),
        ("が", "か\u3099"),
        ("각", "\u1100\u1161\u11a8"),
        ("partner’s", "partner's"),
    ],
)
def test_what_readers_call_the_same_is_the_same(one: str, other: str) -> None:
    assert words(one) == words(other) != []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Trust-\nBased", ["trust", "based"]),
        ("3.5 of 1,000", ["3", "5", "of", "1", "000"]),
        ("10.1000/x_y(2)", ["10", "1000", "x", "y", "2"]),
        ("信任 trust信", ["信", "任", "trust", "信"]),
        ("हिन्दी", ["हिन्दी"]),
        ("😀 – & \x00", []),
    ],
)
def test_words_are_letters_and_digits(text: str, found: list[str]) -> None:
    assert words(text) == found


@given(AWKWARD)
def test_every_word_is_found_again_where_it_stands(text: str) -> None:
    found = spans(text)
    assert [word for word, _, _ in found] == words(text)
    assert all(0 <= start < end <= len(text) for _, start, end in found)


@given(AWKWARD)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once


@given(st.text("ab .\n。", max_size=6_000))
def test_passages_follow_one_another_and_lose_nothing(text: str) -> None:
    found = list(passages(text))
    assert "".join(text[start:end] for start, end in found) == text
    assert all(0 < end - start <= LONGEST for start, end in found)


def test_a_passage_ends_with_a_sentence_and_not_with_a_page() -> None:
    text = "Trust grows where partners meet.\f It fades. " * 90
    assert all(text[:end].rstrip().endswith(".") for _, end in passages(text))


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=1_500))
def test_no_portion_holds_a_word_more_often_than_a_store_can_count(found: list[str]) -> None:
    parts = list(portions(found))
    assert [word for part in parts for word in part] == found
    assert all(part.count(word) <= MOST_REPEATED for part in parts for word in set(part))


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_a_span_of_years_is_told_by_few_beginnings(one: int, other: int) -> None:
    first, last = sorted((one, other))
    beginnings = tuple(year_beginnings(first, last))
    years = [year for year in range(10_000) if f"{year:04}".startswith(beginnings)]
    assert years == list(range(first, last + 1))
    assert len(beginnings) <= 62
