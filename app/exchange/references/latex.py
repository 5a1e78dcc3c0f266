r"""LaTeX as reference managers write it into BibTeX: accents, special letters, braces.

Only what stands for a letter or a sign is decoded, and what refers to something else left out; an
unknown command stays as it is, and so does everything between dollar signs.
"""

import re
import unicodedata

ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
LETTERS = {
    "ss": "ß",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "i": "\u0131",
    "j": "ȷ",
    "dh": "ð",
    "DH": "Ð",
    "dj": "đ",
    "DJ": "Đ",
    "th": "þ",
    "TH": "Þ",
    "ng": "ŋ",
    "NG": "Ŋ",
    "textendash": "\u2013",
    "textemdash": "\u2014",
    "textquoteright": "\u2019",
    "textquoteleft": "\u2018",
    "textquotedblleft": "\u201c",
    "textquotedblright": "\u201d",
    "textellipsis": "\u2026",
    "ldots": "\u2026",
    "dots": "\u2026",
    "textregistered": "®",
    "texttrademark": "™",
    "textdegree": "°",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textbar": "|",
    "textless": "<",
    "textgreater": ">",
    "S": "§",
    "P": "¶",
    "copyright": "©",
    "pounds": "£",
    "euro": "€",
    "relax": "",
}
GREEK = "alpha beta gamma delta epsilon zeta eta theta kappa mu nu xi pi rho sigma tau phi chi psi"
SYMBOLS = {
    name: unicodedata.lookup(f"GREEK SMALL LETTER {name.upper()}") for name in GREEK.split()
} | {
    "lambda": "\u03bb",
    "omega": "\u03c9",
    "Delta": "\u0394",
    "Omega": "\u03a9",
    "pm": "±",
    "times": "\u00d7",
    "le": "\u2264",
    "leq": "\u2264",
    "ge": "\u2265",
    "geq": "\u2265",
    "approx": "\u2248",
    "rightarrow": "\u2192",
    "to": "\u2192",
    "<": "<",
    ">": ">",
}
STYLES = "emph|textit|textbf|textrm|textsc|textsf|texttt|textup|textsuperscript|textsubscript|mbox"
_PROTECTED = {
    "\\{": "\ue000",
    "\\}": "\ue001",
    "\\$": "\ue002",
    "\\textbackslash": "\ue003",
    "\\textasciitilde": "\ue004",
}
_WRITTEN = str.maketrans(
    {
        "\\": "\\textbackslash{}",
        "~": "\\textasciitilde{}",
        **{sign: f"\\{sign}" for sign in "{}&%#_$"},
    }
)
_BACK = {"\ue000": "{", "\ue001": "}", "\ue002": "$", "\ue003": "\\", "\ue004": "~"}
_SIGN_ACCENT = re.compile(r"\\([`'^~=.\"])\s*(?:\{\s*(\\?[^\W\d_])\s*\}|(\\?[^\W\d_]))")
_WORD_ACCENT = re.compile(
    r"\\([uvHcdbkr])(?:\s*\{\s*(\\?[^\W\d_])\s*\}|\s+(\\?[^\W\d_])(?![^\W\d_])|\s+([^\W\d_]))"
)
_LETTER = re.compile(r"\\([A-Za-z]+)(?:\{\}|(?![A-Za-z])[ \t]?)")
_STYLE = re.compile(rf"\\(?:{STYLES})\s*(?=\{{)")
_SIGN = re.compile(r"\\([&%#_ ,;!-])")
_SIGNS = re.compile(r"[\\{}~$]|--|``")
_ADDRESS = re.compile(r"\\(?:url|path|nolinkurl)\s*\{([^{}]*)\}")
_REFERENCE = re.compile(
    r"[\s~]*(\\(?:[a-z]*cite[a-z]*|[a-z]*ref|label)\*?(?:\[[^][]*\])*\s*\{[^{}]*\})", re.IGNORECASE
)
_ASIDE = re.compile(r"(\$[^$]*\$|\\(?:url|path|nolinkurl)\s*\{[^{}]*\})")
_ONE_SYMBOL = re.compile(r"\$\s*(?:\\([A-Za-z]+)\s*|([<>]))\$")
_QUOTED = re.compile(r"``([^`]*?)''")
_DOTLESS = {"\u0131": "i", "ȷ": "j", "\\i": "i", "\\j": "j"}


def from_latex(text: str) -> str:
    """Return the text a value stands for, its braces gone."""
    if _SIGNS.search(text) is None:
        return text
    if "\\" not in text and "{" not in text and "}" not in text and "/" in text:
        return text  # an address, whose ~ is none of TeX's
    for command, mark in _PROTECTED.items():
        text = text.replace(command, mark)
    decoded = "".join(map(_part, _ASIDE.split(text)))
    return "".join(_BACK.get(character, character) for character in decoded)


def references_in(text: str) -> list[str]:
    """Return what LaTeX would set as a reference to something else; none of it is text."""
    return _REFERENCE.findall(text)


def _part(text: str) -> str:
    """Decode a part between formulas and addresses, and a formula that is but one letter."""
    if text.startswith("$"):
        found = _ONE_SYMBOL.fullmatch(text)
        return SYMBOLS.get(found[1] or found[2], text) if found else text
    address = _ADDRESS.fullmatch(text)
    return _SIGN.sub(r"\1", address[1]) if address else _decoded(text)


def _decoded(text: str) -> str:
    text = _QUOTED.sub("\u201c\\1\u201d", text)
    text = text.replace("---", "\u2014").replace("--", "\u2013")
    if "\\" in text:
        text = _REFERENCE.sub("", text)
        text = _SIGN_ACCENT.sub(_accented, text)
        text = _WORD_ACCENT.sub(_accented, text)
        text = _LETTER.sub(_letter, text)
        text = _STYLE.sub("", text)
        text = _SIGN.sub(r"\1", text)
    return text.replace("{", "").replace("}", "").replace("~", "\u00a0")


def _accented(found: re.Match[str]) -> str:
    letter = next(group for group in found.groups()[1:] if group)
    letter = _DOTLESS.get(letter, letter.lstrip("\\"))
    return unicodedata.normalize("NFC", letter + ACCENTS[found[1]])


def _letter(found: re.Match[str]) -> str:
    return LETTERS.get(found[1], found[0])


def to_latex(text: str) -> str:
    r"""Write text so that `from_latex` reads it back: signs escaped, letters left as they are."""
    text = text.translate(_WRITTEN)
    return text.replace("--", "-{}-{}").replace("``", "`{}`") if _SIGNS.search(text) else text
