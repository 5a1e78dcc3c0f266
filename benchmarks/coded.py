"""Configurations with elements, quotes and evidence, as a team would have coded them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.codebook import PROBE, Zipf
from benchmarks.words import Words

EVIDENCE_EACH = 5
PROBED = 40  # configurations of each large review whose context is the probe concept
FORMS = (
    ("CMO", ("context", "mechanism", "outcome")),
    ("CMO", ("context", "context", "mechanism", "outcome")),
    ("CMO", ("context", "mechanism", "outcome", "outcome")),
    ("CMO", ("context", "context", "mechanism", "outcome", "outcome")),
    ("CRRO", ("context", "resource", "response", "outcome")),
    ("CRRO", ("context", "context", "resource", "response", "outcome")),
)
FORM_WEIGHTS = (30, 20, 15, 10, 15, 10)
STATES = ("not_stated", "increased", "reduced", "high", "low", "present", "absent", "mixed")
STATE_WEIGHTS = (25, 20, 12, 12, 8, 12, 6, 5)
STANCES = ("supports", "refutes", "refines", "contextualises")
BASES = ("empirical_finding", "participant_account", "author_explanation", "author_conjecture")
Row = tuple[Any, ...]


@dataclass(slots=True)
class Coded:
    """Rows of one stretch of a review, a list per table."""

    review_id: int
    user_id: int
    size: int
    configurations: list[Row] = field(default_factory=list)
    elements: list[Row] = field(default_factory=list)
    quotes: list[Row] = field(default_factory=list)
    evidence: list[Row] = field(default_factory=list)
    evidence_elements: list[Row] = field(default_factory=list)
    consolidations: list[Row] = field(default_factory=list)

    def is_probed(self, number: int) -> bool:
        """Say whether a configuration is one of the 40 about the probe concept."""
        apart = max(self.size // PROBED, 1)
        return number % apart == 3 % apart and number <= apart * PROBED


def kind_of(number: int) -> str:
    """Return raw, or for one in twenty consolidated, for one in a hundred constructed."""
    if number % 20 == 0:
        return "consolidated"
    return "constructed" if number % 100 == 1 else "raw"


def code_configurations(
    coded: Coded, numbers: range, rng: Random, pools: tuple[Zipf, Zipf], words: Words
) -> None:
    """Add configurations of these numbers; pools are the concepts and the sources."""
    concepts, origins = pools
    forms = rng.choices(FORMS, weights=FORM_WEIGHTS, k=len(numbers))
    for number, (template, roles) in zip(numbers, forms, strict=True):
        kind = kind_of(number)
        _add_configuration(coded, number, (template, kind, len(roles)), rng, words)
        picked = concepts.pick(len(roles))
        if coded.is_probed(number):
            picked[0] = PROBE
        _add_elements(coded, number, roles, (picked, words.wordings), rng)
        _add_evidence(coded, number, len(roles), origins.pick(3), rng)
        _add_quotes(coded, rng, words)
        if kind == "consolidated":
            _add_members(coded, number, rng)


def _add_configuration(
    coded: Coded, number: int, form: tuple[str, str, int], rng: Random, words: Words
) -> None:
    template, kind, elements = form
    title = rng.choice(words.titles) if rng.random() < 0.5 else None
    statement = rng.choice(words.passages) if rng.random() < 0.3 else None
    key = " ".join(text for text in (title, statement) if text).lower()
    status = "draft" if rng.random() < 0.2 else "coded"
    modality = rng.choice(("required", "likely", "possible", None))
    coded.configurations.append((coded.review_id, number, title, template, kind, status, statement,
        modality, key, elements, EVIDENCE_EACH, coded.user_id))  # fmt: skip


def _add_elements(
    coded: Coded,
    number: int,
    roles: tuple[str, ...],
    pools: tuple[list[int], Sequence[str]],
    rng: Random,
) -> None:
    concepts, wordings = pools
    states = rng.choices(STATES, weights=STATE_WEIGHTS, k=len(roles))
    is_either = roles[1] == "context" and rng.random() < 0.15
    behind = roles.index("mechanism") + 1 if "mechanism" in roles and rng.random() < 0.2 else None
    for n, role in enumerate(roles, 1):
        is_outcome = role == "outcome"
        wording = rng.choice(wordings)
        concept = None if rng.random() < 0.04 and concepts[n - 1] != PROBE else concepts[n - 1]
        coded.elements.append((coded.review_id, number, n, role, wording, wording, concept,
            states[n - 1], "desired" if is_outcome else None, rng.choice(("micro", "meso", None)),
            1 if is_either and role == "context" else None, behind if is_outcome else None, n)
        )  # fmt: skip


def _add_evidence(
    coded: Coded, number: int, elements: int, sources: list[int], rng: Random
) -> None:
    stances = rng.choices(STANCES, weights=(85, 10, 3, 2), k=EVIDENCE_EACH)
    for n, stance in enumerate(stances, 1):
        source = rng.choice(sources)
        cited = source % 50 + 1 if rng.random() < 0.03 else None
        is_second_hand = cited not in {None, source}
        quote = (number - 1) * EVIDENCE_EACH + n
        coded.evidence.append((coded.review_id, number, n, source, quote, stance,
            "cited" if is_second_hand else rng.choice(BASES), cited if is_second_hand else None,
            coded.user_id))  # fmt: skip
        if rng.random() < 0.6:
            first = rng.randint(1, elements)
            coded.evidence_elements.append((coded.review_id, number, n, first))
            if first < elements and rng.random() < 0.4:
                coded.evidence_elements.append((coded.review_id, number, n, elements))


def _add_quotes(coded: Coded, rng: Random, words: Words) -> None:
    for row in coded.evidence[-EVIDENCE_EACH:]:
        text = rng.choice(words.passages)
        coded.quotes.append((coded.review_id, row[4], row[3], text, str(rng.randint(1, 40)),
            "no_document", text.count(" ") + 1, text.lower(), coded.user_id))  # fmt: skip


def _add_members(coded: Coded, number: int, rng: Random) -> None:
    before = [n for n in range(max(number - 400, 1), number) if kind_of(n) == "raw"]
    for member in sorted(rng.sample(before, k=min(rng.randint(3, 6), len(before)))):
        coded.consolidations.append((coded.review_id, number, member))
