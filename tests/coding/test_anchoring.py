"""Finding quoted passages in documents."""

import re

import pytest

from app.coding.anchoring import (
    CONTEXT_LENGTH,
    MOST_CANDIDATES,
    Anchor,
    Verification,
    anchor,
    page_at,
)
from app.library.documents import canonical_text

STORY = (
    "Partners met every month and shared their plans openly. Because nobody had to fear blame, "
    "the nurses began to report near misses, and in time the wards learned from each other. "
    "Where managers changed often, however, the meetings lapsed and old suspicions returned."
)


def found(text: str, quote: str) -> tuple[str, str | None]:
    """Give the verification and the words at the place found."""
    anchored = anchor(text, quote)
    place = anchored.passage
    return anchored.verification, text[place.start : place.end] if place else None


def places(anchored: Anchor) -> list[tuple[int, int]]:
    passages = anchored.candidates or ((anchored.passage,) if anchored.passage else ())
    return [(passage.start, passage.end) for passage in passages]


def test_finds_the_exact_words_with_their_context() -> None:
    anchored = anchor(STORY, "report near misses")
    assert anchored.verification is Verification.EXACT
    assert anchored.passage is not None
    assert anchored.passage.start == STORY.index("report")
    assert anchored.passage.end == anchored.passage.start + len("report near misses")
    assert anchored.passage.prefix == "had to fear blame, the nurses began to "[-CONTEXT_LENGTH:]
    assert anchored.passage.suffix == ", and in time the wards learned "
    assert anchored.score is None
    assert anchored.candidates == ()


def test_cuts_the_context_at_the_ends_of_the_document() -> None:
    anchored = anchor("trust grows", "trust grows")
    assert anchored.passage is not None
    assert (anchored.passage.prefix, anchored.passage.suffix) == ("", "")


def test_counts_characters_outside_the_basic_plane_as_one() -> None:
    text = "\U0001f600\U00020000 trust\u00a0grows \U0001f600"
    assert places(anchor(text, "trust\u00a0grows")) == [(3, 14)]
    assert places(anchor(text, "trust  grows")) == [(3, 14)]


@pytest.mark.parametrize(
    ("text", "quote", "words"),
    [
        ("we saw trust\nbetween partners", "trust between partners", "trust\nbetween partners"),
        ("a trust\u00a0\n \tin them", "trust in", "trust\u00a0\n \tin"),
        ("a trust in them", " trust\r\n\r\nin ", "trust in"),
        ("the \u2018faith\u2019 they had", "'faith' they", "\u2018faith\u2019 they"),
        ("the 'faith' they had", "\u2018faith\u2019 they", "'faith' they"),
        ("said \u201cwe can\u201d twice", '"we can"', "\u201cwe can\u201d"),
        ("so \u201cwe asked\u201d him", "so 'we asked' him", "so \u201cwe asked\u201d him"),
        ("so \u2018we don\u2019t\u2019 go", 'so "we don\'t" go', "so \u2018we don\u2019t\u2019 go"),
        ("six feet 2\u2032 and 3\u2033 tall", "2' and 3\"", "2\u2032 and 3\u2033"),
        ("in 2010\u20132014 they", "2010-2014", "2010\u20132014"),
        ("trust \u2014 of a kind", "trust - of", "trust \u2014 of"),
        ("fell by \u22125 points", "by -5 points", "by \u22125 points"),
        ("by col\u00adlab\u200bor\u2060ation", "collaboration", "col\u00adlab\u200bor\u2060ation"),
        ("by collaboration", "collab\u00adoration", "collaboration"),
        ("by collab-\noration", "collaboration", "collab-\noration"),
        ("by collab\u2010 \n  oration", "collaboration", "collab\u2010 \n  oration"),
        ("by collab\u00ad\noration", "collaboration", "collab\u00ad\noration"),
        ("by collaboration", "collab-\noration", "collaboration"),
        ("by co-\noperation", "co-operation", "co-\noperation"),
        ("by co-\noperation", "cooperation", "co-\noperation"),
        ("by co-\noperation", "co- operation", "co-\noperation"),
        ("by co-operation", "co-\noperation", "co-operation"),
        ("trust\u2014\nfaith", "trust\u2014faith", "trust\u2014\nfaith"),
        ("bene\ufb01ts di\ufb00er, o\ufb03ce", "benefits differ", "bene\ufb01ts di\ufb00er"),
        ("benefits differ", "bene\ufb01ts di\ufb00er", "benefits differ"),
        ("of \ufb01nding", "inding", "\ufb01nding"),
        ("a cafe\u0301 talk", "caf\u00e9 talk", "cafe\u0301 talk"),
        ("a caf\u00e9 talk", "cafe\u0301 talk", "caf\u00e9 talk"),
        ("\uff34rust\u00b2", "Trust2", "\uff34rust\u00b2"),
        ("wait\u2026 then", "wait... then", "wait\u2026 then"),
        ("a list:\n\u2013  trust", "- trust", "\u2013  trust"),
        ("multi\u2010agency work", "multi-", "multi\u2010"),
    ],
)
def test_finds_the_same_wording_set_differently(text: str, quote: str, words: str) -> None:
    assert found(text, quote) == ("normalised", words)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("we recreate it", "re-create"),
        ("we re-create it", "recreate"),
        ("fell by 5 points", "by -5"),
        ("rose 5 points", "\u22125 points"),
        ("in Trust", "in trust"),
        ("a trust in", "atrust in"),
        ("faith and", "faith \u2013 and"),
        ("trust", "\u200b\u200b"),
        ("trust - faith", "\u2014"),
        ("", "trust"),
    ],
)
def test_does_not_take_different_wording_for_the_same(text: str, quote: str) -> None:
    assert found(text, quote) == ("not_found", None)


@pytest.mark.parametrize("mark", ["\u2026", "...", "[\u2026]", "[...]", " . . . ", " (\u2026) "])
def test_spans_what_an_ellipsis_leaves_out(mark: str) -> None:
    quote = f"shared their plans{mark}began to report"
    assert found(STORY, quote) == (
        "normalised",
        "shared their plans openly. Because nobody had to fear blame, the nurses began to report",
    )


@pytest.mark.parametrize(
    "marks", ["\u201c{}\u201d", '"{}"', "\u2018{}\u2019", "\u00ab {} \u00bb", "\u201e{}\u201c"]
)
def test_marks_around_a_whole_quote_are_the_readers(marks: str) -> None:
    assert found(STORY, marks.format("report near misses")) == ("normalised", "report near misses")
    quoted = STORY.replace("near misses", "\u2018near misses\u2019")
    assert found(quoted, "\u2018near misses\u2019") == ("exact", "\u2018near misses\u2019")


def test_spans_several_ellipses_and_ignores_those_at_the_ends() -> None:
    quote = "... nobody had to fear \u2026 report near [...] the wards learned \u2026."
    assert found(STORY, quote) == (
        "normalised",
        STORY[STORY.index("nobody") : STORY.index(" from each other")],
    )


def test_takes_the_shortest_stretch_around_an_ellipsis() -> None:
    text = "trust here, trust there, then faith, and faith again"
    assert found(text, "trust ... faith") == ("normalised", "trust there, then faith")


@pytest.mark.parametrize(
    "quote",
    [
        "the wards learned ... shared their",
        "nobody ... unicorns",
        "artners met ... shared",
        "Partners me ... shared",
    ],
)
def test_refuses_parts_out_of_order_or_missing_or_cut_within_a_word(quote: str) -> None:
    assert found(STORY, quote) == ("not_found", None)


def test_lets_an_ellipsis_stand_for_two_thousand_characters_and_no_more() -> None:
    near, far = ("trust" + " x" * count + " faith" for count in (999, 1000))
    assert found(near, "trust ... faith") == ("normalised", near)
    assert found(far, "trust ... faith") == ("not_found", None)


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        (
            "the nurses begun to report near-misses and in time wards learned",
            "the nurses began to report near misses, and in time the wards learned",
        ),
        ("NOBODY HAD TO FEAR BLAME", "nobody had to fear blame"),
        ("managers were changed often", "managers changed often"),
        ("Nobody had to fear blame", "nobody had to fear blame"),
        ("the nurses be-gan to report", "the nurses began to report"),
    ],
)
def test_finds_similar_wording_on_word_boundaries(quote: str, words: str) -> None:
    anchored = anchor(STORY, quote)
    assert anchored.verification is Verification.APPROXIMATE
    assert [STORY[start:end] for start, end in places(anchored)] == [words]
    assert anchored.score is not None
    assert 85 <= anchored.score < 100
    assert anchored.score == round(anchored.score, 1)


def test_scores_lower_the_more_differs() -> None:
    once, twice = (
        anchor(STORY, quote).score
        for quote in ("meetings lopsed and old suspicions", "meetings lopsed and ald suspicions")
    )
    assert once is not None
    assert twice is not None
    assert 85 < twice < once < 100


def test_maps_similar_wording_back_over_line_breaks_and_ligatures() -> None:
    text = "Early on, the o\ufb03cers  of\nboth trusts re-\nfused to sign anything at all."
    assert found(text, "the officers in both trusts refused to sign") == (
        "approximate",
        "the o\ufb03cers  of\nboth trusts re-\nfused to sign",
    )


def test_never_finds_very_short_passages_approximately() -> None:
    assert found("they learned a lot", "they learnd")[0] == "not_found"
    assert found("they learned a lot", "they learnd a")[0] == "approximate"


def test_does_not_find_a_passage_that_says_something_else() -> None:
    quote = "the doctors refused to discuss any of their mistakes in public"
    assert anchor(STORY, quote) == Anchor(Verification.NOT_FOUND)


def test_offers_every_place_when_nothing_decides() -> None:
    anchored = anchor("trust, then trust\u2019s cost, then trust", "trust")
    assert anchored.verification is Verification.AMBIGUOUS
    assert anchored.passage is None
    assert places(anchored) == [(0, 5), (12, 17), (31, 36)]


def test_offers_the_first_twenty_of_very_many_places() -> None:
    anchored = anchor("trust " * 50, "trust")
    assert places(anchored) == [(6 * n, 6 * n + 5) for n in range(MOST_CANDIDATES)]


def test_sees_overlapping_places() -> None:
    assert places(anchor("on and on and on", "on and on")) == [(0, 9), (7, 16)]
    assert places(anchor("on and\non and\non", "on and on")) == [(0, 9), (7, 16)]


def test_offers_every_place_of_similar_wording() -> None:
    sentence = "the partners trusted each other deeply"
    text = f"First, {sentence}. {STORY} Then again, {sentence}."
    anchored = anchor(text, "the partners trusted each othar deeply")
    assert anchored.verification is Verification.AMBIGUOUS
    assert [text[start:end] for start, end in places(anchored)] == [sentence, sentence]
    second = text.rindex(sentence)
    chosen = anchor(text, "the partners trusted each othar deeply", start=second + 3)
    assert chosen.verification is Verification.APPROXIMATE
    assert places(chosen) == [(second, second + len(sentence))]


@pytest.mark.parametrize("quote", ["build trust", "build  trust"])
@pytest.mark.parametrize(
    ("prefix", "suffix", "start", "nth"),
    [
        ("helps to ", "", None, 1),
        ("helps\nto", "", None, 1),
        ("", " at \u201chome\u201d", None, 2),
        ("to ", " at 'work'", None, 0),
        ("", "", 0, 0),
        ("", "", 40, 1),
        ("", "", 150, 2),
        ("", "", -5, 0),
        ("", ' at "home"', 0, 2),
        ("never", "", 0, 0),
        ("never or", "", 0, 2),
    ],
)
def test_context_then_nearness_decides(
    quote: str, prefix: str, suffix: str, start: int | None, nth: int
) -> None:
    text = "to build trust at \u2018work\u2019, it helps to build trust at all, or build trust at "
    text += '"home"'
    starts = [match.start() for match in re.finditer("build", text)]
    anchored = anchor(text, quote, prefix=prefix, suffix=suffix, start=start)
    assert places(anchored) == [(starts[nth], starts[nth] + 11)]
    assert anchored.passage is not None


def test_a_start_far_from_every_place_decides_nothing() -> None:
    text = f"trust, {'and ' * 60}trust"
    assert anchor(text, "trust", start=120).verification is Verification.AMBIGUOUS
    assert anchor("so trust", "trust", start=9_000).verification is Verification.EXACT


def test_letters_that_agree_by_chance_decide_nothing() -> None:
    text = "better trust, or trust, and trust"
    assert anchor(text, "trust", prefix="never").verification is Verification.AMBIGUOUS


def test_takes_a_passage_at_its_stated_start_whatever_the_context_says() -> None:
    assert places(anchor("a trust b trust", "trust", prefix="b ", start=2)) == [(2, 7)]


def test_stays_undecided_between_places_equally_near() -> None:
    anchored = anchor("trust..trust", "trust", start=3)
    assert places(anchored) == [(0, 5)]
    anchored = anchor("trust...trust", "trust", start=4)
    assert anchored.verification is Verification.AMBIGUOUS


@pytest.mark.parametrize("blank", ["", "  \n\t", "\u00a0"])
def test_refuses_a_blank_passage(blank: str) -> None:
    with pytest.raises(ValueError, match="at least one character"):
        anchor(STORY, blank)


def test_canonical_text_changes_line_ends_only() -> None:
    assert canonical_text(" a\r\nb\rc\n\r\n\r d\u00a0\f ") == " a\nb\nc\n\n\n d\u00a0\f "


def test_tells_the_page_of_a_position() -> None:
    assert [page_at([10, 20, 20], at) for at in (0, 9, 10, 19, 20, 99)] == [1, 1, 2, 2, 4, 4]
    assert page_at([], 7) == 1
