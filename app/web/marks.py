"""The marks of the visual language, so that colour is never alone."""

from app.coding.anchoring import Verification
from app.theory.marks import ROLE_LETTERS, STATE_MARKS
from app.theory.vocabulary import Stance

__all__ = ["FOUND", "ROLE_LETTERS", "STANCE_MARKS", "STATE_MARKS", "gap_sentence"]

STANCE_MARKS: dict[str, str] = {
    Stance.SUPPORTS: "✓",
    Stance.REFUTES: "✕",
    Stance.REFINES: "∼",
    Stance.CONTEXTUALISES: "…",
}
FOUND: dict[str, str] = {
    Verification.EXACT: "found in the text, word for word",
    Verification.NORMALISED: "found in the text but for spacing, hyphens or quotation marks",
    Verification.APPROXIMATE: "found approximately: the text reads a little differently",
    Verification.AMBIGUOUS: "stands in several places of the text; which one is open",
    Verification.NOT_FOUND: "not found in the text",
    Verification.NO_DOCUMENT: "not checked: the source has no text here",
}
"""What each verification means, as a sentence's end."""

GAPS: dict[str, str] = {
    "activation_misplaced": "An element that is no mechanism says how far it operates.",
    "valence_misplaced": "An element that is no outcome says whether it is desired.",
    "not_coded": "A wording is tied to no concept yet, so no matrix can count it.",
    "no_evidence": "No evidence is tied to it yet.",
    "no_passage": "Some of its evidence names no passage.",
    "unverified_quote": "A quote behind it was not found in the text of its source.",
}


def gap_sentence(code: str) -> str:
    """Say kindly what a gap code means and what closes it."""
    if code in GAPS:
        return GAPS[code]
    if code.startswith("outside_template:"):
        role = code.partition(":")[2]
        return f"It names a role its template does not ask for: {role}. Fine, if that is meant."
    if code.startswith("not_reported_yet_coded:"):
        role = code.partition(":")[2]
        return f"Its source is marked as silent on {role}, and yet an element says something of it."
    role = code.removeprefix("no_").replace("_", " ")
    return f"No {role} yet. Where the source says nothing of it, mark it as not reported."
