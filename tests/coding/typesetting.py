"""Papers set in type as journals do: columns, divided words, running heads, notes; and readers."""

import io
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

LIGATURES = {"ffi": "\ufb03", "ffl": "\ufb04", "ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02"}
KEPT = 9
"""Words that an elision leaves on either side: enough to be found once in texts so monotonous."""
WORDS = {
    "english": """trust, faith, partners, confidence, leaders, conflict, officials, first findings,
        staff, office, co-operation, inter-organisational working, benefits, influence, mergers,
        shared “vision”, the board’s plan, a 3.5% rise, early wins (n = 12), people – often nurses –
        / shape, limit, raise, undo, precede, follow, offset, reflect / and""",
    "german": """Vertrauen, Führungskräfte, Zusammenarbeit, die „Größe“ der Häuser, Konflikte,
        Pflegekräfte, öffentliche Träger, Fusionen, Straßenbau – so hieß es –, effiziente Abläufe,
        flache Hierarchien / fördern, hemmen, verändern, beeinflussen, öffnen / und""",
    "french": """la confiance, les équipes, l’hôpital, des résultats efficaces, un conflit,
        le cœur du métier, « la réussite », les soignants – surtout eux –, l’officine,
        des réflexes partagés, où l’on apprend
        / façonnent, limitent, précèdent, reflètent, élèvent / et""",
}


def sentences(language: str, count: int, seed: int) -> list[str]:
    """Sentences of which no two are alike: each has a number of its own among its words."""
    chance = random.Random(seed)
    nouns, verbs, [joint] = (
        [" ".join(words.split()) for words in part.split(", ")]
        for part in WORDS[language].replace(",\n", ", ").split("/")
    )
    made = []
    for n in range(count):
        one, two, three = chance.sample(nouns, 3)
        place = f"{chance.choice(['site', 'ward', 'team'])} {n * 37 % 9973 + 101}"
        words = f"{one} {chance.choice(verbs)} {two} {joint} {three}, {place} {n % 17}.{n % 9}"
        made.append(words[0].upper() + words[1:] + ".")
    return made


def _lines(words: list[str], width: int, chance: random.Random) -> Iterator[str]:
    """Break words into lines, dividing a long one where it does not fit."""
    line = ""
    for word in words:
        space = width - len(line) - 2
        if len(line) + 1 + len(word) <= width:
            line = f"{line} {word}".strip()
        elif (
            word.isalpha() and len(word) > 8 and 3 < space < len(word) - 3 and chance.random() < 0.8
        ):
            yield f"{line} {word[:space]}-"
            line = word[space:]
        else:
            yield line
            line = word
    yield line


def paper(
    text: list[str], *, columns: int = 1, heads: bool = False, notes: bool = False, first: int = 1
) -> bytes:
    """Set sentences on pages of A4 with ligatures, heads with page numbers, and footnotes."""
    chance = random.Random(len(text))
    vera = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    pdfmetrics.registerFont(TTFont("Vera", vera))
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    width = 84 if columns == 1 else 40
    lines = list(_lines(" ".join(text).split(), width, chance))
    per_page, page = 44 * columns, first
    for start in range(0, len(lines), per_page):
        canvas.setFont("Vera", 8)
        if heads:
            canvas.drawString(72, 800, f"Trust in partnerships of hospitals {page}")
        for n, line in enumerate(lines[start : start + per_page]):
            set_line = line.replace("fi", "\ufb01").replace("fl", "\ufb02")
            canvas.drawString(72 + 235 * (n // 44), 770 - 15 * (n % 44), set_line)
        if notes:
            canvas.drawString(72, 60, f"{page} A note of page {page}, on what was said there.")
        canvas.showPage()
        page += 1
    canvas.save()
    return file.getvalue()


def with_ligatures(line: str) -> str:
    for letters, sign in LIGATURES.items():
        line = line.replace(letters, sign)
    return line


def _inner_word(wording: str, chance: random.Random, fitting: str) -> re.Match[str] | None:
    words = list(re.finditer(fitting, wording))
    inner = [word for word in words if word.start() > 0 and word.end() < len(wording)]
    return chance.choice(inner) if inner else None


def _cut(wording: str, chance: random.Random, sign: str) -> str | None:
    word = _inner_word(wording, chance, r"[^\W\d_]{7,}")
    at = word and word.start() + 3
    return wording[:at] + sign + wording[at:] if at else None


def line_break(wording: str, chance: random.Random) -> str | None:
    spaces = [m.start() for m in re.finditer(" ", wording)]
    at = chance.choice(spaces)
    return f"{wording[:at]}\n{wording[at + 1 :]}"


def hyphen(wording: str, chance: random.Random) -> str | None:
    return _cut(wording, chance, "-\n")


def soft_hyphen(wording: str, chance: random.Random) -> str | None:
    return _cut(wording, chance, "\u00ad")


def other_quotation_marks(wording: str, chance: random.Random) -> str | None:
    if "«" in wording or "»" in wording:  # these have spaces inside, so that more differs
        return None
    other = wording.translate(str.maketrans("“”’„", '""\'"'))
    return other if other != wording else None


def ligature(wording: str, chance: random.Random) -> str | None:
    other = with_ligatures(wording)
    return other if other != wording else None


def elision(wording: str, chance: random.Random) -> str | None:
    words = wording.split(" ")
    if len(words) < 2 * KEPT + 4:
        return None
    sign = chance.choice(["…", "[…]", "...", "(...)", " . . . "])
    return f"{' '.join(words[:KEPT])} {sign} {' '.join(words[-KEPT:])}"


def wrong_word(wording: str, chance: random.Random) -> str | None:
    word = _inner_word(wording, chance, r"(?<!\S)[^\W\d_]{5,9}(?!\S)")
    return wording[: word.start()] + "zebra" + wording[word.end() :] if word else None


def missing(wording: str, chance: random.Random) -> str | None:
    words = [f"{word[::-1]}{n}" for n, word in enumerate(wording.split(" "))]
    chance.shuffle(words)
    return " ".join(words)


DISTURBED: dict[str, Callable[[str, random.Random], str | None]] = {
    "normalised line break": line_break,
    "normalised hyphen": hyphen,
    "normalised soft hyphen": soft_hyphen,
    "normalised quotation marks": other_quotation_marks,
    "normalised ligature": ligature,
    "normalised elision": elision,
    "approximate wrong word": wrong_word,
    "not_found missing": missing,
}
"""What readers and programs do to a passage, after the state in which it must be found then."""
