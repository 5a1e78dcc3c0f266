import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.theory.notation import NotationError, format_notation, parse_notation
from app.theory.vocabulary import Role, Template

KEPT = "they keep to it, always"
C, M, OUT, A = Role.CONTEXT, Role.MECHANISM, Role.OUTCOME, Role.ACTOR
PRINTED = (
    "When contract prescribes most joint behaviour (C), partners read cooperation as obligation "
    "rather than goodwill (M), so trust is undermined (O)"
)


def read(text: str, template: Template = Template.CMO) -> list[tuple[Role, str]]:
    return [(slot.role, slot.wording) for slot in parse_notation(text, template=template)]


def test_reads_a_configuration_as_reviews_print_it() -> None:
    assert read(PRINTED) == [
        (C, "contract prescribes most joint behaviour"),
        (M, "partners read cooperation as obligation rather than goodwill"),
        (OUT, "trust is undermined"),
    ]


def test_positions_count_code_points_and_cut_out_the_wording() -> None:
    slots = parse_notation("If \N{GRINNING FACE} staff stay (C), care holds (O)")
    assert [(slot.start, slot.end) for slot in slots] == [(3, 15), (21, 31)]


@pytest.mark.parametrize(
    ("marker", "role"),
    [
        ("(C)", C),
        ("(I)", Role.INTERVENTION),
        ("(S)", Role.STRATEGY),
        ("(A)", A),
        ("(M)", M),
        ("(O)", OUT),
        ("[C]", C),
        ("[M2]", M),
        ("(o)", OUT),
        ("(s)", Role.STRATEGY),
        ("(C1)", C),
        ("(O 2)", OUT),
        ("( M )", M),
        ("(Mresource)", Role.RESOURCE),
        ("(M-resource)", Role.RESOURCE),
        ("(M resource)", Role.RESOURCE),
        ("(M\N{NO-BREAK SPACE}resource)", Role.RESOURCE),
        ("[resource]", Role.RESOURCE),
        ("(mechanism: participant response)", Role.RESPONSE),
        ("(mechanism: intervention\nresources)", Role.RESOURCE),
        ("(Mechanism \u2013 resource)", Role.RESOURCE),
        ("(Mechanism\u2014response)", Role.RESPONSE),
        ("(M: reasoning)", Role.RESPONSE),
        ("(mechanism [response])", Role.RESPONSE),
        ("(M (resource))", Role.RESOURCE),
        ("[M (reasoning)]", Role.RESPONSE),
        ("(Mreas)", Role.RESPONSE),
        ("(M-resp)", Role.RESPONSE),
        ("\N{FULLWIDTH LEFT PARENTHESIS}C\N{FULLWIDTH RIGHT PARENTHESIS}", C),
        ("(M2: response)", Role.RESPONSE),
        ("(M1 resource)", Role.RESOURCE),
        ("(M2response)", Role.RESPONSE),
        ("(O1a)", OUT),
        ("(C.2)", C),
        ("(outcomes)", OUT),
        ("(Mresponse)", Role.RESPONSE),
        ("(M: response)", Role.RESPONSE),
        ("(mechanism response 2)", Role.RESPONSE),
        ("(context)", C),
        ("(Mechanism)", M),
        ("(OUTCOME)", OUT),
        ("(intervention)", Role.INTERVENTION),
        ("(strategy)", Role.STRATEGY),
        ("(actor)", A),
        ("(agency)", Role.AGENCY),
    ],
)
def test_reads_every_spelling_of_a_marker(marker: str, role: Role) -> None:
    assert read(f"early targets {marker}") == [(role, "early targets")]


@pytest.mark.parametrize("short", ["Mres", "MRes", "M-res", "M res", "MRES", "mres"])
def test_mres_is_the_part_that_no_other_marker_names(short: str) -> None:
    slots = [(C, "rotas"), (Role.RESOURCE, "time"), (Role.RESPONSE, "hope"), (OUT, "rest")]
    assert read(f"rotas (C) time ({short}) hope (MResp) rest (O)") == slots
    assert read(f"rotas (C) time (Mresource) hope ({short}) rest (O)") == slots
    with pytest.raises(NotationError, match=re.escape(f"({short}) at character 7 may be")):
        parse_notation(f"rotas ({short}), so exit (O)")


@pytest.mark.parametrize("tag", ["(X)", "(R)", "(P2)", "(Mreso)", "(M-reaction)"])
def test_refuses_what_only_looks_like_a_marker(tag: str) -> None:
    for joint in (" ", ", so "):
        with pytest.raises(NotationError, match="known are") as refusal:
            parse_notation(f"rotas (C) time {tag}{joint}rest (O)")
        assert refusal.value.position == 15


@pytest.mark.parametrize(
    "text", ["tired **(C)**, they skip (M)", "tired *(C)*; they skip __(M)__."]
)
def test_emphasis_around_a_marker_belongs_to_no_slot(text: str) -> None:
    assert read(text) == [(C, "tired"), (M, "they skip")]
    assert all(text[s.start : s.end] == s.wording for s in parse_notation(text))


def test_the_letter_a_is_agency_where_the_template_asks_for_agency() -> None:
    text = "nurses decide (A), partners (actor)"
    assert read(text, Template.CAMO) == [(Role.AGENCY, "nurses decide"), (A, "partners")]
    assert read(text, Template.ICAMO) == [(A, "nurses decide"), (A, "partners")]


@pytest.mark.parametrize(
    "words",
    [
        "the health service (NHS) merges",
        "trusts founded late (2004)",
        "structural change (e.g. mergers)",
        "scans at hand (MR)",
        "patients short of vitamin (D)",
        "MRSA on the ward (MRSA)",
        "plan (b) of *two*",
        "a shared CMO (CMO) table",
        "partner(s) with a past",
        "either (a) mergers or (b) alliances",
        "staff (i) trained and (ii) paid",
        "(b) alliances",
        "a team of four [4] people",
        "\u201cgood\u201d will, and hope; so far",
    ],
)
def test_leaves_everything_inside_a_wording_as_it_stands(words: str) -> None:
    assert read(f"{words} (C), hope (O)") == [(C, words), (OUT, "hope")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("If targets are small (C), then trust grows (O)", ["targets are small", "trust grows"]),
        ("IN CONTEXTS WHERE rivals meet (C)", ["rivals meet"]),
        ("in the context of a mandated merger (C)", ["a mandated merger"]),
        ("In mandated mergers (C)", ["mandated mergers"]),
        ("low trust (C) leads to silence (O)", ["low trust", "silence"]),
        ("low trust (C), which, in turn, leads to silence (O)", ["low trust", "silence"]),
        ("low trust (C), resulting\nin silence (O)", ["low trust", "silence"]),
        ("low trust (C) \u2192 silence (M) -> exit (O)", ["low trust", "silence", "exit"]),
        ("low trust (C) + fear (M) = exit (O)", ["low trust", "fear", "exit"]),
        ("low trust (C); and so, because of that, exit (O)", ["low trust", "that, exit"]),
        ("low trust (C) [12, 14], so that staff leave (O)", ["low trust", "staff leave"]),
        ("low trust (C) \u2013 staff leave (O)", ["low trust", "staff leave"]),
        ("progress is slow, (C) hope fades. (O)", ["progress is slow,", "hope fades."]),
        ("low trust (C), which means they leave (O)", ["low trust", "they leave"]),
        ("low trust (Context)/fear (Mechanism)/exit (Outcome)", ["low trust", "fear", "exit"]),
        ("low trust (C) (Roe 2010), so exit (O)", ["low trust", "exit"]),
        ("CMOC 3: When trust is low (C), exit (O)", ["trust is low", "exit"]),
        ("CMO 4 \u2013 If trust is low (C), exit (O)", ["trust is low", "exit"]),
        ("CMOc1a. Where trust is low (C), exit (O)", ["trust is low", "exit"]),
        ("for ward managers (A), time (Mresource)", ["ward managers", "time"]),
        ("Given the ward is full (C), exit (O)", ["the ward is full", "exit"]),
        ("In hospitals with strong unions (C), exit (O)", ["hospitals with strong unions", "exit"]),
        ("rotas (M), which makes nurses stay (O)", ["rotas", "nurses stay"]),
        ("CMOC 4 | low trust (C) | exit (O)", ["low trust", "exit"]),
        ("Context\u2013mechanism\u2013outcome: low trust (C), exit (O)", ["low trust", "exit"]),
        ("fear (M); exit (O); low trust (C)", ["fear", "exit", "low trust"]),
    ],
)
def test_leaves_out_what_only_joins_one_slot_to_the_next(text: str, expected: list[str]) -> None:
    assert [wording for _, wording in read(text)] == expected


@pytest.mark.parametrize(
    ("words", "marker"),
    [
        ("in line with policy", "C"),
        ("in fear of blame", "M"),
        ("in-house teams", "C"),
        ("in need of staff", "C"),
        ("in partnership with schools", "C"),
        ("for fear of blame", "M"),
        ("if only one partner gains", "C"),
        ("only if partners agree", "C"),
        ("unless partners agree", "C"),
        ("so many partners", "C"),
        ("so-called partners", "C"),
        ("and/or networks", "C"),
        ("android tablets", "I"),
        ("results in surgery improve", "O"),
        ("-5% of visits", "O"),
        (".5 of a post", "I"),
        ("which partner leads", "C"),
    ],
)
def test_keeps_leading_words_that_carry_meaning(words: str, marker: str) -> None:
    assert [wording for _, wording in read(f"{words} ({marker})")] == [words]


@pytest.mark.parametrize("end", ["", " ", ".", " [12, 14].", "[3\u20135] ;\n", " \u2020"])
def test_lets_punctuation_and_numbered_citations_end_the_text(end: str) -> None:
    assert [wording for _, wording in read(f"trust grows (O){end}")] == ["trust grows"]


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("", 0, "write (C), (M) or (O) after the words"),
        ("trust grows (NHS)", 0, "No marker found"),
        ("(C) low trust (M)", 0, "Nothing stands before (C) at character 1"),
        ("low trust (C+), so fear (M)", 10, "(C+) at character 11 carries a sign"),
        ("x (C), y (O). If z (C), then w (O).", 17, "second configuration begins at character 18"),
        (
            "x (C), y (O); however if z (C), w (O)",
            14,
            "second configuration begins at character 15",
        ),
        ("rotas (Mres), so exit (O)", 6, "(Mres) at character 7 may be resource or response"),
        ("low trust (C) (M)", 14, "Nothing stands before (M) at character 15"),
        ("low trust (C) and (M)", 18, "Nothing stands before (M)"),
        ("trust (C/M), so hope (O)", 6, "(C/M) at character 7 names more than one role"),
        ("trust [context and mechanism]", 6, "names more than one role"),
        ("trust (Mresource, O)", 6, "names more than one role"),
        ("low trust (C), so staff leave", 15, "\u201cso staff leave\u201d at character 16"),
        ("low trust (C) [12] (see Smith).", 20, "add (C), (M) or (O) after it"),
    ],
)
def test_refuses_what_it_cannot_read_and_says_where_and_how_to_mend_it(
    text: str, position: int, message: str
) -> None:
    with pytest.raises(NotationError, match=re.escape(message)) as refusal:
        parse_notation(text)
    assert refusal.value.position == position


def test_a_numbered_list_hides_lower_case_letters_and_no_other_marker() -> None:
    text = "(a) mergers (b) alliances (m-resource), hope (mechanism)"
    assert read(text) == [(Role.RESOURCE, "(a) mergers (b) alliances"), (M, "hope")]


def test_a_letter_that_only_resembles_a_marker_is_none() -> None:
    assert read("trust (\N{LATIN SMALL LETTER LONG S}) (C)") == [(C, "trust (\u017f)")]


def test_writes_each_wording_with_its_marker() -> None:
    slots = [
        (C, "low trust"),
        (Role.RESOURCE, "early targets"),
        (Role.RESPONSE, "partners see progress"),
        (OUT, "trust grows"),
    ]
    assert format_notation(slots) == (
        "low trust (C), early targets (Mresource), partners see progress (Mresponse), "
        "trust grows (O)"
    )


def test_writes_the_letter_a_for_the_role_the_template_asks_for() -> None:
    slots = [(A, "nurses"), (Role.AGENCY, "discretion")]
    assert format_notation(slots) == "nurses (A), discretion (agency)"
    assert format_notation(slots, template=Template.CAMO) == "nurses (actor), discretion (A)"


def test_no_slots_are_an_empty_text() -> None:
    assert format_notation([]) == ""


@pytest.mark.parametrize(
    "wording", ["", " low trust", "low trust ", "when rivals meet", "trust (M)", "x (C/M)", ", hm"]
)
def test_refuses_to_write_a_wording_that_would_be_read_back_otherwise(wording: str) -> None:
    with pytest.raises(NotationError) as refusal:
        format_notation([(C, "rivals"), (OUT, wording)])
    assert refusal.value.position >= len("rivals (C), ")


PLAIN = st.from_regex(
    r"(?!(?i:in|where|when|if|given|then|and|but|so|such|thus|there|hence|con|as|because|due"
    r"|meaning|leading|result|which|this|that|lead|led|for))"
    r"[a-zA-Z\u00e9\U0001F600][\w ,.;:'/%\-\u2013\u201c\u201d\n]{0,40}[\w.!?]",
    fullmatch=True,
)
SLOTS = st.lists(st.tuples(st.sampled_from(Role), PLAIN), min_size=1, max_size=8)


@given(slots=SLOTS, template=st.sampled_from(Template))
def test_plain_wordings_survive_writing_and_reading(
    slots: list[tuple[Role, str]], template: Template
) -> None:
    assert read(format_notation(slots, template=template), template) == slots


FRAGMENTS = st.sampled_from(
    ("(C)", "(m)", "[O", "C]", "(C/M)", "(b)", "(ii)", "(i)", ")", "(", "[12]", "trust", "so")
) | st.sampled_from(("in", "for", "leads to", "results in", " ", ", ", "-", "\u2192", "\n", "\xa0"))
WILD = st.lists(FRAGMENTS, max_size=6).map("".join) | st.text(max_size=12)


@given(slots=st.lists(st.tuples(st.sampled_from(Role), WILD), min_size=1, max_size=4))
@example(slots=[(M, "trust"), (OUT, "leads to loss")])
@example(slots=[(C, "either (a) or (b)"), (OUT, "trust (m)")])
def test_any_wording_survives_or_is_refused(slots: list[tuple[Role, str]]) -> None:
    try:
        text = format_notation(slots)
    except NotationError:
        return
    assert read(text) == slots


@given(text=st.lists(FRAGMENTS, max_size=12).map("".join))
def test_a_wording_is_always_what_stands_between_its_positions(text: str) -> None:
    slots, position = [], 0
    try:
        slots = parse_notation(text)
    except NotationError as error:
        position = error.position
    assert 0 <= position <= len(text)
    assert [text[slot.start : slot.end] for slot in slots] == [slot.wording for slot in slots]
    assert all(before.end < after.start for before, after in pairwise(slots))


@pytest.mark.parametrize(
    "text",
    [
        "Trust is low (C)12, so they leave (M)3,4. Nothing is shared (O)5.",
        "Trust is low (C)\u00b9\u00b2, so they leave (M)\u00b3,\u2074. Nothing is shared (O)\u2075",
        "Trust is low (C).[12] So they leave (M) [3, 4]. Nothing is shared (O) [5]",
    ],
)
def test_citations_by_number_behind_a_marker_belong_to_no_slot(text: str) -> None:
    assert read(text) == [(C, "Trust is low"), (M, "they leave"), (OUT, "Nothing is shared")]


def test_reads_a_mechanism_divided_as_an_evaluation_prints_it() -> None:
    text = (
        "Providers with an interest (context) see that it is a low-risk environment (mechanism: "
        "intervention resources) and build their base (mechanism: participant response), "
        "resulting in more capacity (outcome)."
    )
    assert read(text) == [
        (C, "Providers with an interest"),
        (Role.RESOURCE, "see that it is a low-risk environment"),
        (Role.RESPONSE, "build their base"),
        (OUT, "more capacity"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Context: trust is low; Mechanism: they keep to it, always; Outcome: nothing (yet)",
        "C: trust is low\nM1: they keep to it, always\nO: nothing (yet)\n",
        "Contexts: trust is low | mechanisms: they keep to it, always | outcomes: nothing (yet)",
        "Context: trust is low Mechanism: they keep to it, always Outcome: nothing (yet)",
        "C: trust is low + M: they keep to it, always = O: nothing (yet)",
        f"Context (C): trust is low; Mechanism (M): {KEPT}; Outcome (O): nothing (yet)",
        "(C) trust is low (M) they keep to it, always (O) nothing (yet)",
        f"Context \u2013 trust is low; Mechanism \u2013 {KEPT}; Outcome \u2013 nothing (yet)",
        "Context = trust is low\nMechanism = they keep to it, always\nOutcome = nothing (yet)",
        f"**Context**: trust is low\n**Mechanism:** {KEPT}\n**Outcome**: nothing (yet)",
        "C (trust is low) + M (they keep to it, always) = O (nothing (yet))",
        "Context: trust is low. Mechanism: they keep to it, always. Outcome: nothing (yet).",
        f"**Context:** trust is low **Mechanism:** {KEPT} **Outcome:** nothing (yet)",
        f"context: trust is low -> mechanism: {KEPT} -> outcome: nothing (yet)",
        f"C: trust is low M: {KEPT} O: nothing (yet)",
        f"Context\ntrust is low\nMechanism\n{KEPT}\n\nOutcome\nnothing (yet)",
        f"CMOC 12: Context: trust is low; Mechanism: {KEPT}; Outcome: nothing (yet)",
    ],
)
def test_reads_labels_before_the_words(text: str) -> None:
    assert read(text) == [
        (C, "trust is low"),
        (M, "they keep to it, always"),
        (OUT, "nothing (yet)"),
    ]
    assert all(text[s.start : s.end] == s.wording for s in parse_notation(text))


def test_a_letter_behind_a_word_is_no_label_where_labels_are_words() -> None:
    text = "Context: patients with hepatitis C: untreated; Outcome: decline"
    assert read(text) == [(C, "patients with hepatitis C: untreated"), (OUT, "decline")]


def test_a_label_inside_a_sentence_is_none() -> None:
    text = "Context: in a setting: small, with one context: Leeds"
    assert read(text) == [(C, "in a setting: small, with one context: Leeds")]
    with pytest.raises(NotationError, match="No marker"):
        parse_notation("They worked in one context: Leeds")
    with pytest.raises(NotationError, match="Nothing stands behind Mechanism") as caught:
        parse_notation("Context: trust is low; Mechanism:")
    assert caught.value.position == 23
