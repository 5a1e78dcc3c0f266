"""How pages are made: the template environment, its filters, and the page of an error."""

import gettext
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, cast
from urllib.parse import quote, urlsplit

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.coding.models import MemoKind
from app.db import now
from app.errors import AppError
from app.history.models import Inference
from app.web.figures import least_width
from app.web.forms import key_name
from app.web.glossary import TERMS
from app.web.marks import FOUND, ROLE_LETTERS, STANCE_MARKS, STATE_MARKS, gap_sentence
from app.web.sections import SECTIONS
from app.web.words import WORDS

HERE = Path(__file__).parent
STATIC = HERE / "static"
FOLDERS = {
    "C": "configurations",
    "S": "sources",
    "Q": "quotes",
    "K": "concepts",
    "H": "history",
    "D": "documents",
    "T": "theories",
    "L": "links",
    "M": "memos",
}
MOST_AUTHORS = 6
SHADES = (1, 2, 4, 7, 12)
"""Least number of sources for each of the five shades of a matrix."""
DOI_BEGINNING = re.compile(r"^(https?://(dx\.)?doi\.org/|doi:)", re.IGNORECASE)
IS_DOI = re.compile(r"10\.\d[\d.]*/\S")
CONTROL = frozenset(map(chr, (*range(0x20), 0x7F)))


def words(value: object) -> str:
    """Write a value of a vocabulary as words: `author_explanation` → author explanation."""
    return str(value).replace("_", " ")


def people(authors: Sequence[Any]) -> str:
    """Write CSL-JSON names as a reference list does; more than six become et al."""
    names = [_name(author) for author in authors]
    if len(names) > MOST_AUTHORS:
        return f"{', '.join(names[:MOST_AUTHORS])}, et al."
    return ", ".join(names)


def _name(author: Any) -> str:
    if not isinstance(author, Mapping):
        return str(author)
    parts = (author.get("given"), author.get("non-dropping-particle"), author.get("family"))
    return str(author.get("literal") or " ".join(str(part) for part in parts if part))


def thing_url(slug: str, thing: str) -> str | None:
    """Return the page of something people cite, C17 or T1.3, or null where its kind has none."""
    kind, (number, _, part) = thing[:1], thing[1:].partition(".")
    if not number.isdecimal():
        return None
    if kind == "R":
        return f"/reviews/{slug}/theories#{thing}"
    if kind not in FOLDERS:
        return None
    return f"/reviews/{slug}/{FOLDERS[kind]}/{number}{f'#{thing}' if part else ''}"


def web_url(url: str | None) -> str | None:
    """Return an address only where following it is safe: http and https."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def local_path(wanted: str) -> str:
    """Return a path of ours to go on to; anything that could leave this site becomes the start."""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return "/"
    is_local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    is_clean = "\\" not in wanted and CONTROL.isdisjoint(wanted)
    return wanted if is_local and is_clean and not (parts.scheme or parts.netloc) else "/"


def doi_url(doi: str | None) -> str | None:
    """Return the address a DOI resolves at, bare or given as an address; null for what is none."""
    bare = DOI_BEGINNING.sub("", (doi or "").strip()).strip()
    return f"https://doi.org/{quote(bare, safe='/()')}" if IS_DOI.match(bare) else None


def page_of(api_url: str) -> str:
    """Return the page that shows what an address of the API lists."""
    return api_url.replace("/api/v1/", "/", 1)


def shade(sources: int) -> int:
    """Return the shade of a cell, 1 (one source) to 5."""
    return sum(sources >= least for least in SHADES)


def ago(moment: datetime) -> str:
    """Write a moment as people tell it: minutes, hours or days ago, and from a month on the day."""
    seconds = int((now() - moment).total_seconds())
    for unit, length, most in (("day", 86_400, 30), ("hour", 3_600, 24), ("minute", 60, 60)):
        many = seconds // length
        if many >= 1:
            return f"{many} {unit}{'' if many == 1 else 's'} ago" if many < most else day(moment)
    return "just now"


def day(moment: date) -> str:
    """Write the day of a moment in UTC: 2 May 2025."""
    return f"{moment.day} {moment:%B %Y}"


def number(value: int) -> str:
    """Write a count with its thousands apart."""
    return f"{value:,}"


def field_words(path: str) -> str:
    """Write the place of a problem as words: `body.evidence.0.quote_id` → evidence 1: quote."""
    group, _, name = re.sub(r"^(body|query|path)(\.|$)", "", path).rpartition(".")
    counted = re.sub(r"\.(\d+)", lambda found: f" {int(found[1]) + 1}", group)
    said = words(name.removesuffix("_id"))
    return f"{words(counted)}: {said}" if counted else said


FILTERS = (
    field_words,
    key_name,
    words,
    people,
    web_url,
    doi_url,
    shade,
    ago,
    day,
    number,
    gap_sentence,
    page_of,
    least_width,
)
GLOBALS: dict[str, Any] = {
    "new_key": lambda: token_urlsafe(12),
    "SECTIONS": SECTIONS,
    "TERMS_BY_KEY": {term.key: term for term in TERMS},
    "ROLE_LETTERS": ROLE_LETTERS,
    "STATE_MARKS": STATE_MARKS,
    "STANCE_MARKS": STANCE_MARKS,
    "FOUND": FOUND,
    "thing_url": thing_url,
    "MEMO_KINDS": tuple(MemoKind),
    "INFERENCES": tuple(Inference),
    "user": None,
    "review": None,
    "section": None,
    "from_form": False,
}


def _environment() -> Environment:
    """Make the environment; it speaks the language of the server's locale, else English."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {filter_.__name__: filter_ for filter_ in FILTERS}
    made.globals |= GLOBALS
    catalogue = gettext.translation("retroduce", HERE / "locale", fallback=True)
    made.globals["WORDS"] = {key: catalogue.gettext(said) for key, said in WORDS.items()}
    made.globals["language"] = catalogue.info().get("language", "en")
    speaking = cast("Any", made)  # what the extension adds to an environment
    speaking.install_gettext_callables(catalogue.gettext, catalogue.ngettext, newstyle=True)
    return made


TEMPLATES = _environment()


def render(
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> HTMLResponse:
    """Answer with a page; browsers ask again before showing a kept copy."""
    body = TEMPLATES.get_template(template).render(values)
    return HTMLResponse(body, status, {"Cache-Control": "private, no-cache", **(headers or {})})


def error_page(error: AppError) -> str:
    """Render an error as a page of its own."""
    return TEMPLATES.get_template("error.html").render(error=error)
