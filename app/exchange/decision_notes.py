"""What Rayyan and Covidence write into the notes of the references they export.

Rayyan bundles everything under prefixes: who decided what, labels, reasons, each member's notes.
Covidence exports one file for each status, with the reason it was excluded for in front.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.library.screening_models import ScreeningVerdict

SECTION = re.compile(r"(RAYYAN-INCLUSION|RAYYAN-LABELS|RAYYAN-EXCLUSION-REASONS|USER-NOTES):")
TEXT = r'"((?:[^"\\]|\\.)*)"'
PAIR = re.compile(TEXT + r'\s*=>\s*"?([\w-]+)"?')
NOTES = re.compile(TEXT + r"\s*=>\s*\[((?:\s*,?\s*" + TEXT.replace("(", "(?:", 1) + r")*)\s*\]")
REASON = re.compile(r"Exclusion reason:\s*(.*?)\s*(?:;|\n|$)\s*")
VERDICTS = {
    "included": ScreeningVerdict.INCLUDE,
    "true": ScreeningVerdict.INCLUDE,
    "1": ScreeningVerdict.INCLUDE,
    "excluded": ScreeningVerdict.EXCLUDE,
    "false": ScreeningVerdict.EXCLUDE,
    "-1": ScreeningVerdict.EXCLUDE,
    "maybe": ScreeningVerdict.UNSURE,
    "0": ScreeningVerdict.UNSURE,
}


class Tool(StrEnum):
    """Where decisions were made."""

    RAYYAN = "rayyan"
    COVIDENCE = "covidence"


@dataclass(frozen=True, slots=True)
class Said:
    """One person's decision of one record, in the words of the tool; the first reason counts."""

    person: str
    verdict: ScreeningVerdict
    reasons: tuple[str, ...] = ()
    note: str | None = None


def is_rayyan(note: str) -> bool:
    """Say whether a note is Rayyan's."""
    return SECTION.search(note) is not None


def read_rayyan(note: str) -> list[Said]:
    """Return what each member decided; a note without decisions gives none.

    Rayyan ties reasons to the record and not to a member: they go to everybody who excluded.
    """
    sections = _sections(note)
    notes = {
        name: [_plain(text) for text in re.findall(TEXT, texts)]
        for name, texts in NOTES.findall(sections.get("USER-NOTES", ""))
    }
    labels = _list(sections.get("RAYYAN-LABELS", ""))
    reasons = _list(sections.get("RAYYAN-EXCLUSION-REASONS", ""))
    said = []
    for name, word in PAIR.findall(sections.get("RAYYAN-INCLUSION", "")):
        verdict = VERDICTS.get(word.lower())
        if verdict is not None:
            given = tuple(reasons) if verdict is ScreeningVerdict.EXCLUDE else ()
            more = [f"Reasons: {', '.join(given)}"] if len(given) > 1 else []
            more += [f"Labels: {', '.join(labels)}"] if labels else []
            told = "\n".join([*notes.get(name, ()), *more])
            said.append(Said(_plain(name), verdict, given, told or None))
    return said


def _sections(note: str) -> Mapping[str, str]:
    """Cut a note at Rayyan's prefixes; what stood there before is the reference's own."""
    parts = SECTION.split(note)
    return {
        name: text.strip().removesuffix("|").strip()
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def _list(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split(",") if one.strip()]


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def read_covidence(note: str, verdict: ScreeningVerdict, person: str, tags: str = "") -> list[Said]:
    """Return the decision that a file of one status stands for, with the reason in its note."""
    reasons = REASON.findall(note) if verdict is ScreeningVerdict.EXCLUDE else []
    told = [REASON.sub("", note).strip(), f"Tags: {tags}" if tags else ""]
    rest = "\n".join(filter(None, told))
    return [Said(person, verdict, tuple(reason for reason in reasons if reason), rest or None)]
