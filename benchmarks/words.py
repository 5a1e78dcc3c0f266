"""Wordings and passages of realistic length, made up from a small vocabulary."""

from random import Random

NOUNS_TEXT = """
trust faith partners staff managers board patients clinicians leaders network merger contract
targets progress conflict culture power communication competition history autonomy funding
boundary agreement governance commitment workload morale confidence accountability policy
geography complexity reputation incentive expectation collaboration learning ownership voice
"""
VERBS_TEXT = """
shapes undermines builds erodes supports delays enables reveals requires follows precedes
strengthens weakens precludes signals reflects displaces accompanies
"""
NOUNS, VERBS = NOUNS_TEXT.split(), VERBS_TEXT.split()
LINKS = ("where", "when", "because", "although", "while", "so that", "unless", "as long as")
MARKS = (
    ".",
    ".",
    ".",
    "?",
    ' ("as one put it").',
    "; nothing more.",
    ", “so to say”.",
    ", naïvely.",
)


class Words:
    """Pools of texts that rows pick from; the same seed gives the same pools."""

    def __init__(self, rng: Random) -> None:
        self.wordings = [_phrase(rng, rng.randint(3, 9)) for _ in range(3_000)]
        self.passages = [_passage(rng) for _ in range(6_000)]
        self.titles = [_phrase(rng, rng.randint(5, 10)).capitalize() for _ in range(2_000)]


def _phrase(rng: Random, length: int) -> str:
    parts: list[str] = []
    while len(parts) < length:
        parts += [rng.choice(NOUNS), rng.choice(VERBS), rng.choice(NOUNS), rng.choice(LINKS)]
    return " ".join(parts[:length])


def _passage(rng: Random) -> str:
    wanted, text = rng.randint(80, 290), ""
    while len(text) < wanted:
        text += f"{_phrase(rng, rng.randint(6, 14)).capitalize()}{rng.choice(MARKS)} "
    return text[:wanted].strip()
