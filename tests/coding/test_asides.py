"""Passages between whose words the text has marks of notes and references."""

import pytest

from app.coding.anchoring import Verification, anchor


def found(text: str, quote: str) -> tuple[str, str | None]:
    anchored = anchor(text, quote)
    place = anchored.passage
    return anchored.verification, text[place.start : place.end] if place else None


@pytest.mark.parametrize(
    ("text", "quote", "words"),
    [
        ("Where trust12 grows, so", "trust grows", "trust12 grows"),
        ("Where trust1,2 grows, so", "Where trust grows", "Where trust1,2 grows"),
        (
            "so trust.3\u20135 Faith follows then",
            "trust. Faith follows",
            "trust.3\u20135 Faith follows",
        ),
        ("so \u201ctrust\u201d4 and faith", '"trust" and faith', "\u201ctrust\u201d4 and faith"),
        ("Where trust\u00b9\u00b2 grows, so", "trust grows", "trust\u00b9\u00b2 grows"),
        ("Where trust [3, 4] grows [5].", "Where trust grows.", "Where trust [3, 4] grows [5]."),
        ("Where trust\u2020 grows, so", "trust grows", "trust\u2020 grows"),
        ("Where *trust* grows, so", "Where trust grows", "Where *trust* grows"),
        ("ils ont \u00ab\u00a0confiance\u202f\u00bb en", "ont \u00abconfiance\u00bb en", None),
        ("Where trust12 grows in-\ncreasingly, so", "trust grows increasingly", None),
        ("Where trust12 grows over years7 and so on", "trust grows [\u2026] and so", None),
        ("in trust2 was 14 of 17 and trust2 grew", "trust was 14 of 17", "trust2 was 14 of 17"),
        ("trust grows.7", "trust grows.", "trust grows."),
        ("\u2026 17trust8 grows", "trust grows", "trust8 grows"),
    ],
)
def test_marks_between_the_words_are_no_part_of_them(
    text: str, quote: str, words: str | None
) -> None:
    state, at = found(text, quote)
    assert state in {Verification.EXACT, Verification.NORMALISED}
    assert words is None or at == words


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("so CO2 was kept low in all wards", "so CO was kept low in all wards"),
        ("the COVID19 wards were opened then", "the COVID wards were opened then"),
        ("among 34 wards 12 were opened then", "among wards were opened then"),
        ("trust rose by 12 percent in the wards", "trust rose by percent in the wards"),
        ("they had 12% in group1% of the wards", "they had 12% in group of the wards"),
        ("trust, 12 of them said, grew with time", "trust, of them said, grew with time"),
    ],
)
def test_numbers_that_say_something_are_missed(text: str, quote: str) -> None:
    assert found(text, quote)[0] is Verification.APPROXIMATE


@pytest.mark.parametrize(
    "quote", ["[P]atients came late", "we saw [P]atients", "\u201c[p]atients came\u201d"]
)
def test_a_letter_in_brackets_stands_for_either_case(quote: str) -> None:
    for text in ("and so we saw patients came late", "and so we saw Patients came late"):
        assert found(text, quote)[0] is Verification.NORMALISED


def test_of_two_places_the_one_without_marks_is_taken() -> None:
    text = "First, trust7 grows. Then trust grows."
    assert found(text, "trust  grows") == ("normalised", "trust grows")
