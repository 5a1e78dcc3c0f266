"""Titles read down to what databases agree on: folded words, numbers, what the piece says it is."""

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

TAG = re.compile(r"</?(?:i|b|u|su[bp]|em|strong|span|inf|scp|jats:\w+)\b[^>]*>", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
GREEK = {chr(code): unicodedata.name(chr(code)).split()[-1].lower() for code in range(0x3B1, 0x3CA)}
LETTERS = str.maketrans(
    GREEK
    | {"ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
    | {"&": " and ", "\u2019": "", "'": "", "\u02bc": "", "\u2010": "-"}
)
SPELLINGS = (("our", "or"), ("is", "iz"), ("ae", "e"), ("oe", "e"))
"""British spellings and what American databases make of them: done to both, wherever they stand,
they leave no difference."""
SEPARATOR = re.compile(r"\s*[:;.?!]\s+|\s+[-\u2013\u2014]+\s+|\s*\u2014\s*")
SIGN_OFF = re.compile(
    r"\s*(?:\[(?:article|article in [\w ]+|in \w+)\]|\.{3}|\u2026|[.*\u2020])\s*$", re.IGNORECASE
)
ALL_IN_BRACKETS = re.compile(r"^\s*\[(.+)\]\s*\.?\s*$", re.DOTALL)
STAMP = re.compile(r"^\s*(?:retracted(?: article)?|withdrawn)\s*[:.]\s*", re.IGNORECASE)
"""What publishers put before the title of a paper that no longer stands; it is still that paper."""
CORRECTION = re.compile(
    r"^\W*(?:(?:publisher|author)s? )?(?:erratum|errata|corrigend(?:um|a)|corrections?|addendum"
    r"|retraction(?: note| notice)?|expression of concern)"
    r"(?: (?:to|for|of|on)\b|\s*[:.\[(\u2013\u2014-]|\W*$)"
    r"|\((?:vol|volume) [^()]*\)\W*$|\b(?:erratum|corrigendum)\W*$",
    re.IGNORECASE,
)
REPLY = re.compile(
    r"^\W*(?:re|reply|replies|response|(?:authors?'?s? )(?:reply|response)|comment(?:ary)?s?"
    r"|letter)(?:\s*[:.]| [\u2013\u2014-] | (?:to|on)\b)|\b(?:authors?'?s? )?(?:reply|response)\W*$"
    r"|\b(?:reply|response) (?:to|from) [^:]*\W*$|[:.] (?:a )?(?:comment|reply|response)\b",
    re.IGNORECASE,
)
NUMBER_WORDS = {
    word: str(n)
    for n, both in enumerate(
        ("one first", "two second", "three third", "four fourth", "five fifth", "six sixth",
         "seven seventh", "eight eighth", "nine ninth", "ten tenth"), 1)
    for word in both.split()
}  # fmt: skip
ROMAN = {"ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
SINGLE_ROMAN = {"i": "1", "v": "5", "x": "10"}
COUNTED = frozenset(
    ("part", "parts", "pt", "phase", "study", "experiment", "volume", "vol", "chapter", "section",
     "type", "stage", "grade", "wave", "paper", "module", "level", "report", "step", "book",
     "class")
)  # fmt: skip
"""Words after which `I`, `V` or a single letter counts."""
NUMBERED = re.compile(r"\d+[a-z]")
"""`2020a`, which is not `2020b`."""
LOOK_LIKE_DIGITS = str.maketrans("oli", "011")


CONFUSED = (("rn", "m"), ("li", "h"), ("cl", "d"), ("vv", "w"))
CONFUSED_LETTERS = str.maketrans("l1j0aeu", "iiioocn")


def as_scanned(word: str) -> str:
    """Take as one what scanners confuse: `rn` and `m`, `l`, `i` and 1, `c` and `e`."""
    for seen, read in CONFUSED:
        word = word.replace(seen, read)
    return word.translate(CONFUSED_LETTERS)


def fold(text: str) -> str:
    """Fold text to what two databases write alike: no case, accents, markup or typography."""
    if "<" in text:
        text = TAG.sub("", text)
    if "&" in text:
        text = html.unescape(text)
    text = text.casefold().translate(LETTERS)
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if not unicodedata.combining(c)).translate(LETTERS)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded, in their order."""
    return tuple(WORD.findall(fold(text)))


def plain_title(title: str) -> str:
    """Take off what databases put around a title: brackets of a translation, stamps, full stop."""
    found = ALL_IN_BRACKETS.match(title)
    title = STAMP.sub("", found[1] if found else title)
    while (shorter := SIGN_OFF.sub("", title)) != title:
        title = shorter
    return title


def main_title(title: str) -> str:
    """Return what stands before the subtitle, or all of it."""
    return SEPARATOR.split(title, maxsplit=1)[0]


def american(text: str) -> str:
    """Spell folded text as American databases do."""
    for british, spelt in SPELLINGS:
        text = text.replace(british, spelt)
    return text


def notice_of(title: str) -> str:
    """Say what a title calls the piece: a correction, a reply, or nothing."""
    if CORRECTION.search(title):
        return "correction"
    return "reply" if REPLY.search(title) else ""


def numbers_of(words: Sequence[str]) -> tuple[str, ...]:
    """Return the numbers in a title as digits, sorted: `Part II` and `part two` both give 2.

    Letters that look like digits count as such within a number: `2O15` is 2015.
    """
    found = []
    for n, word in enumerate(words):
        is_counted = n > 0 and words[n - 1] in COUNTED
        number = NUMBER_WORDS.get(word) or ROMAN.get(word) or _digits(word)
        if not number and is_counted and len(word) == 1:
            number = SINGLE_ROMAN.get(word, word)
        if number:
            found.append(number)
    return tuple(sorted(found))


@lru_cache(maxsize=50_000)
def _digits(word: str) -> str:
    if word.isdigit():
        return word.lstrip("0") or "0"
    if any(letter.isdigit() for letter in word):
        seen = word.translate(LOOK_LIKE_DIGITS)
        return seen.lstrip("0") if seen.isdigit() else word * bool(NUMBERED.fullmatch(word))
    return ""
