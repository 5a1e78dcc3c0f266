"""The errors of databases and scanners: a record as another database has it."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from app.library.matching_fields import Reference

JOURNALS = """Systematic Reviews|Syst Rev
BMC Health Services Research|BMC Health Serv Res
Journal of Clinical Nursing|J Clin Nurs
Implementation Science|Implement Sci
British Medical Journal (Clinical research ed.)|BMJ
Social Science & Medicine|Soc Sci Med
The Lancet|Lancet
International Journal of Integrated Care|Int J Integr Care
Evaluation and Program Planning|Eval Program Plann
American Journal of Public Health|Am J Public Health
Journal of the American Geriatrics Society|J Am Geriatr Soc
Health Policy and Planning|Health Policy Plan
Public Health Nursing (Boston, Mass.)|Public Health Nurs
Annals of Internal Medicine|Ann Intern Med
PLoS ONE|PLoS One
Health Affairs|Health Aff (Millwood)"""
SLIPS = (
    ("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("e", "c"), ("h", "li"), ("fi", "ﬁ"),
    ("a", "o"), ("i", "l"), ("u", "n"), ("ti", "tl"), ("cl", "d"),
)  # fmt: skip


def spoilt(rng: Random, work: Reference, *, is_alone: bool) -> tuple[Reference, tuple[str, ...]]:
    """Return a work as another database has it, and what was done to it.

    Of a family nothing is taken away by which alone one can be told from the other.
    """
    record, done = work, []
    if is_alone and rng.random() < 0.08:
        record, done = as_preprint(rng, record), ["preprint"]
    for name in sorted(
        rng.sample(sorted(ERRORS), rng.choices((0, 1, 2, 3, 4), (8, 27, 32, 23, 10))[0])
    ):
        if name in TELLING and not is_alone:
            continue
        changed = ERRORS[name](rng, record)
        if changed != record:
            record = changed
            done.append(name)
    return record, tuple(done)


def as_preprint(rng: Random, work: Reference) -> Reference:
    server, doi = rng.choice(
        (
            ("medRxiv", "10.1101/2020."),
            ("Research Square", "10.21203/rs.3.rs-"),
            ("SSRN Electronic Journal", "10.2139/ssrn."),
        )
    )
    year = (work.year or 0) - rng.choice((0, 1, 1))
    return replace(
        work, container_title=server, doi=f"{doi}{rng.randint(10**5, 10**7)}", csl=None, year=year
    )


def slips(rng: Random, text: str, most: int) -> str:
    """Return a text as a scanner reads it."""
    for _ in range(rng.randint(1, most)):
        seen, read = rng.choice(SLIPS)
        places = [n for n in range(len(text)) if text.startswith(seen, n)]
        if places:
            at = rng.choice(places)
            text = text[:at] + read + text[at + len(seen) :]
    return text


Error = Callable[[Random, Reference], Reference]


def _title(change: Callable[[Random, str], str]) -> Error:
    return lambda rng, work: replace(work, title=change(rng, work.title))


def _people(change: Callable[[dict[str, str]], dict[str, str]]) -> Error:
    def changed(_rng: Random, work: Reference) -> Reference:
        if any("literal" in name or "given" not in name for name in work.authors):
            return work
        return replace(work, authors=[change(dict(name)) for name in work.authors])

    return changed


def _without_subtitle(_rng: Random, text: str) -> str:
    """Cut a title at its last colon, but for a part: without its number nobody could tell it."""
    start, colon, end = text.rpartition(": ")
    is_part = end.lower().startswith(("part", "phase"))
    return start if colon and len(start.split()) > 3 and not is_part else text


def _initials(name: dict[str, str]) -> dict[str, str]:
    return name | {"given": " ".join(part[0] + "." for part in name["given"].split() if part)}


def _swapped(name: dict[str, str]) -> dict[str, str]:
    return {"family": name["given"], "given": name["family"]}


def _as_one(name: dict[str, str]) -> dict[str, str]:
    return {"literal": f"{name['family']}, {name['given']}"}


def _csl(**values: str | None) -> Error:
    def change(_rng: Random, work: Reference) -> Reference:
        kept = {**(work.csl or {}), **values}
        return replace(work, csl={name: value for name, value in kept.items() if value})

    return change


def _abbreviated(_rng: Random, work: Reference) -> Reference:
    short = dict(line.split("|") for line in JOURNALS.splitlines())
    return replace(
        work, container_title=short.get(work.container_title or "", work.container_title)
    )


def _short_pages(_rng: Random, work: Reference) -> Reference:
    csl = dict(work.csl or {})
    first, _, last = csl.get("page", "").partition("-")
    if last and len(last) == len(first):
        same = next((n for n, (a, b) in enumerate(zip(first, last, strict=True)) if a != b), 0)
        csl["page"] = f"{first}-{last[same:]}"
    return replace(work, csl=csl) if work.csl else work


def _slipped_author(rng: Random, work: Reference) -> Reference:
    authors = [dict(name) for name in work.authors]
    if not authors or "family" not in authors[0]:
        return work
    authors[0]["family"] = slips(rng, authors[0].get("family", ""), 1) or "anon"
    return replace(work, authors=authors)


def _plain(text: str) -> str:
    for signs, plain in (
        ("áàãâä", "a"),
        ("éèêë", "e"),
        ("íìî", "i"),
        ("óòõôöø", "o"),
        ("úùûü", "u"),
        ("ñ", "n"),
        ("β", "beta"),
        ("ā", "a"),
    ):
        for sign in signs:
            text = text.replace(sign, plain)
    return text


TELLING = {"subtitle lost"}


def _marked_up(_rng: Random, text: str) -> str:
    return text.replace(" and ", " &amp; ").replace("trial", "<i>trial</i>")


def _american(_rng: Random, text: str) -> str:
    text = text.replace("randomised", "randomized").replace("isation", "ization")
    return text.replace("Organising", "Organizing")


def _doi_as_address(_rng: Random, work: Reference) -> Reference:
    return replace(work, doi=work.doi and f"https://doi.org/{work.doi.upper()}")


def _another_doi(rng: Random, work: Reference) -> Reference:
    if rng.random() < 0.3:
        return replace(work, doi=work.doi and f"{work.doi}.{rng.randint(10, 99)}")
    return work


ERRORS: dict[str, Error] = {
    "title slips": _title(lambda rng, text: slips(rng, text, 3)),
    "subtitle lost": _title(_without_subtitle),
    "capitals": _title(lambda _, text: text.upper()),
    "brackets": _title(lambda rng, text: f"[{text}]." if rng.random() < 0.5 else f"{text}."),
    "markup": _title(_marked_up),
    "accents lost": _title(lambda _, text: _plain(text)),
    "dash for colon": _title(lambda _, text: text.replace(": ", " – ")),
    "american": _title(_american),
    "initials": _people(_initials),
    "swapped names": _people(_swapped),
    "names as one": _people(_as_one),
    "authors cut": lambda _, work: replace(work, authors=work.authors[:3]),
    "no authors": lambda rng, work: work if rng.random() < 0.7 else replace(work, authors=()),
    "author slips": _slipped_author,
    "year off": lambda rng, work: replace(work, year=(work.year or 0) + rng.choice((-1, 1))),
    "abbreviated": _abbreviated,
    "no container": lambda _, work: replace(work, container_title=None),
    "no DOI": lambda _, work: replace(work, doi=None),
    "DOI as address": _doi_as_address,
    "another DOI": _another_doi,
    "no pages": _csl(page=None),
    "no volume": _csl(volume=None, issue=None),
    "short pages": _short_pages,
    "pages ahead of print": _csl(page=None, volume=None, issue=None),
}  # fmt: skip
