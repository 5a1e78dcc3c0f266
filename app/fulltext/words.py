"""Words as search knows them: one folding for index, query and highlight, on both stores.

Folding goes character by character: compatibility decomposition (Unicode NFKD, so that ligatures
and full-width letters fall together), caseless matching (ß is ss, final sigma is sigma, dotted and
dotless i are i), letters without their strokes (ø is o), accents dropped, Arabic and Hebrew points
too. What is no letter, digit or mark divides words. Scripts written without spaces count each
character as a word, so that a run of them is looked for as a phrase.
"""

import re
import unicodedata
from collections.abc import Iterator

DIVIDER = ":"
"""Stands between texts of one field, so that no phrase runs over; nobody can type it as a word."""
DOTLESS_I = "\u0131"
LETTERS = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t"}
)
"""Small letters that no decomposition takes apart, as people without them on the keyboard type."""
LONGEST = 64
"""Characters of a word that count."""

FEW = 20
"""Different characters beyond ASCII in a text of a European language."""

_DROPPED = tuple(
    (int(first, 16), int(last, 16))
    for first, last in (
        ("0300", "036f"),  # accents
        ("0591", "05bd"),  # Hebrew points
        ("05bf", "05bf"),
        ("05c1", "05c2"),
        ("05c4", "05c5"),
        ("05c7", "05c7"),
        ("0610", "061a"),  # Arabic points, and the stretching tatweel
        ("0640", "0640"),
        ("064b", "065f"),
        ("0670", "0670"),
        ("06d6", "06dc"),
        ("1ab0", "1aff"),
        ("1dc0", "1dff"),
        ("20d0", "20ff"),
        ("fe00", "fe0f"),  # variation selectors
        ("fe20", "fe2f"),
        ("e0100", "e01ef"),
    )
)
_ALONE = tuple(
    (int(first, 16), int(last, 16))
    for first, last in (
        ("2e80", "2fdf"),  # Han radicals
        ("3005", "3007"),
        ("3040", "312f"),  # kana, bopomofo
        ("31a0", "31ff"),
        ("3400", "4dbf"),  # Han
        ("4e00", "9fff"),
        ("f900", "faff"),
        ("20000", "323af"),
    )
)
_ALONE_WITH_MARKS = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
"""Thai, Lao, Burmese, Khmer: vowel signs stay with the letter before them."""
_DIVIDED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]{0,8}\n[ \t]{0,40}(?=[^\W\d_])")
_RUN = re.compile(r"\S+")


def _is_in(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= code <= last for first, last in ranges)


def _fold_character(character: str) -> str:
    if unicodedata.category(character) == "Cf":  # soft hyphen, joiners, directions
        return ""
    folded = unicodedata.normalize("NFKD", character)
    folded = unicodedata.normalize("NFKD", folded.casefold().replace(DOTLESS_I, "i"))
    kept = "".join(c for c in folded.translate(LETTERS) if not _is_in(ord(c), _DROPPED))
    return "".join(map(_placed, unicodedata.normalize("NFC", kept)))


def _placed(character: str) -> str:
    if unicodedata.category(character)[0] not in "LNM":
        return " "
    if _is_in(ord(character), _ALONE):
        return f" {character} "
    is_letter = unicodedata.category(character)[0] == "L"
    if is_letter and _is_in(ord(character), _ALONE_WITH_MARKS):
        return f" {character}"
    return character


class _Folding(dict[int, str]):
    """What each character becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


_FOLDING = _Folding()


def words(text: str) -> list[str]:
    """Return the words of a text in order, folded; empty when it has none."""
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "\n" in text:
        text = _DIVIDED.sub(lambda m: "" if _goes_on(text, m) else m.group(), text)
    found = _folded(text).split()
    if max(map(len, found), default=0) > LONGEST:
        return [word[:LONGEST] for word in found]
    return found


def _folded(text: str) -> str:
    """Fold every character; few beyond ASCII are replaced first, which is much faster."""
    if not text.isascii():
        others = [character for character in set(text) if not character.isascii()]
        if len(others) <= FEW:
            for character in others:
                text = text.replace(character, _FOLDING[ord(character)])
    return text.translate(_FOLDING)


def _goes_on(text: str, division: re.Match[str]) -> bool:
    """Say whether a word divided at the end of a line goes on: in small letters."""
    return text[division.end()].islower()


Span = tuple[str, int, int]
"""A folded word, and where it stands in the text, code points, end exclusive."""


def spans(text: str) -> list[Span]:
    """Return the words of a text as `words` does, each with its place in the text as it is."""
    if _folds_one_to_one(text):
        folded = text.translate(_FOLDING)
        return [(m.group()[:LONGEST], m.start(), m.end()) for m in _RUN.finditer(folded)]
    return list(_slow_spans(text))


def _folds_one_to_one(text: str) -> bool:
    """Say whether each character becomes one, so that the folded words stand where they stood."""
    if "\n" in text and _DIVIDED.search(text):
        return False
    if text.isascii():
        return True
    is_composed = unicodedata.is_normalized("NFC", text)
    return is_composed and all(len(_FOLDING[ord(character)]) == 1 for character in set(text))


def _slow_spans(text: str) -> Iterator[Span]:
    """Yield words where characters become several, or none, or belong together."""
    word, start, end = "", 0, 0
    for first, last, folded in _folded_clusters(text):
        for character in folded:
            if character != " ":
                start = first if not word else start
                word, end = word + character, last
            elif word:
                yield word[:LONGEST], start, end
                word = ""
    if word:
        yield word[:LONGEST], start, end


def _folded_clusters(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what characters that compose become together, but for divisions of words."""
    skipped = {at for m in _DIVIDED.finditer(text) if _goes_on(text, m) for at in range(*m.span())}
    first = 0
    for last in range(1, len(text) + 1):
        if last < len(text) and _composes(text[last]):
            continue
        if first not in skipped:
            cluster = unicodedata.normalize("NFC", text[first:last])
            yield first, last, cluster.translate(_FOLDING)
        first = last


def _composes(character: str) -> bool:
    """Say whether a character may compose with the one before it: marks, Hangul vowels."""
    return unicodedata.combining(character) != 0 or "\u1160" <= character <= "\u11ff"
