"""Records of which one knows which are one work: made up, with the errors that databases make.

Works come alone, or as a family that must stay apart: parts of one study, an erratum, a reply, a
conference abstract before the paper, the same team's next paper in the same journal and year.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import combinations
from random import Random
from typing import Any

from app.library.matching_fields import Reference

TOPICS = """interprofessional collaboration|hospital mergers|trust between organisations|falls
prevention|antibiotic stewardship|nurse staffing|integrated care|hand hygiene|shared decision making
|community health workers|telehealth follow-up|medication adherence|palliative home care|patient
safety culture|clinical leadership|vaccination uptake|opioid tapering|stroke rehabilitation|mental
health crisis teams|school nutrition|peer support|diabetes self-management|β-lactam allergy
testing|preterm birth|smoking cessation|frailty screening|surgical checklists|waiting times|asthma
education|catheter-associated infection|primary care networks|discharge planning"""
SETTINGS = """in acute hospitals|among older adults|in rural Ghana|in low-income settings|across four
English regions|in primary schools|after hip fracture|during pregnancy|in emergency departments|for
people with dementia|in Québec|among nurses|in São Paulo|in nursing homes|in Māori communities|under
universal coverage|at the end of life|in intensive care|among migrants|in prisons|for young carers
|after discharge|in general practice|in Norwegian municipalities|among adolescents"""
OPENINGS = """The effect of|Barriers to|Understanding|Implementing|What works in|Experiences of
|Determinants of|Cost-effectiveness of|How context shapes|Sustaining|Factors associated with
|Perceptions of|Scaling up|Evaluating|Improving|Predictors of|Long-term outcomes of|Attitudes
towards|Organising|Readiness for"""
DESIGNS = """a realist review|a systematic review and meta-analysis|a cluster randomised controlled
trial|a qualitative study|protocol for a mixed-methods evaluation|a cohort study|results of a national
survey|an ethnography|a scoping review|a time-series analysis|lessons from practice|a feasibility
study|a Delphi study|a stepped-wedge trial|a 10-year follow-up|an economic evaluation"""
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
FAMILIES = """Smith Jones García Müller Nguyen Wang Zhang Li Kim Park O'Brien van der Berg Østergaard
Dubois Rossi Silva Kowalski Novák Ivanova Suzuki Tanaka Patel Singh Khan Ahmed Okafor Mensah Dlamini
Johansson Lindqvist Virtanen Papadopoulos Yılmaz Cohen Levi Haddad Fernández Moreau Schäfer Weber
Aunger Millar Greenhalgh Rousseau Apostolakis Huxham Pawson Tilley Wong Marchal Dalkin Jagosh"""
GIVEN = """Anna Peter María Wei Justin Ross Joanne Denise Olu Fatima Hannah Lars Yuki Raj Elena Tomás
Ingrid Chloé Samuel Grace Ibrahim Noor Matteo Sofia Jan Katarzyna David Ruth Amara Kofi Liam Zoë"""
SLIPS = (
    ("rn", "m"), ("m", "rn"), ("l", "1"), ("o", "0"), ("e", "c"), ("h", "li"), ("fi", "ﬁ"),
    ("a", "o"), ("i", "l"), ("u", "n"), ("ti", "tl"), ("cl", "d"),
)  # fmt: skip


def listed(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split("|")]


@dataclass(slots=True)
class Twins:
    """Records in random order, and the pairs of numbers that are one work, with what was done."""

    records: list[Reference] = field(default_factory=list)
    pairs: dict[tuple[int, int], tuple[str, ...]] = field(default_factory=dict)


def make_twins(records: int, seed: int = 4, share: float = 0.35) -> Twins:
    """Return about so many records; `share` of the works stand there more than once."""
    rng, works = Random(seed), Works(Random(seed + 1))
    groups: list[list[tuple[Reference, tuple[str, ...]]]] = []
    count = 0
    while count < records:
        family = works.family()
        for work in family:
            group: list[tuple[Reference, tuple[str, ...]]] = [(work, ())]
            if rng.random() < share:
                copies = rng.choices((1, 2, 3), (70, 22, 8))[0]
                group += [spoilt(rng, work, is_alone=len(family) == 1) for _ in range(copies)]
            groups.append(group)
            count += len(group)
    return _numbered(rng, groups)


def _numbered(rng: Random, groups: list[list[tuple[Reference, tuple[str, ...]]]]) -> Twins:
    total = sum(len(group) for group in groups)
    numbers = list(range(1, total + 1))
    rng.shuffle(numbers)
    waiting = iter(numbers)
    found = Twins()
    for group in groups:
        members = [(replace(record, id=next(waiting)), done) for record, done in group]
        found.records += [record for record, _ in members]
        for (one, did), (other, done) in combinations(members, 2):
            found.pairs[min(one.id, other.id), max(one.id, other.id)] = (*did, *done)
    found.records.sort(key=lambda record: record.id)
    return found


class Works:
    """Makes works up; each family holds one, or several that look alike and are not one."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.topics, self.settings = listed(TOPICS), listed(SETTINGS)
        self.openings, self.designs = listed(OPENINGS), listed(DESIGNS)
        self.journals = [line.split("|")[0] for line in JOURNALS.splitlines()]
        self.families, self.given = FAMILIES.replace("van der Berg", "van_der_Berg"), GIVEN.split()
        self.count = 0

    def title(self) -> str:
        pick = self.rng.choice
        start = f"{pick(self.openings)} {pick(self.topics)} {pick(self.settings)}"
        kind = self.rng.random()
        if kind < 0.55:
            return f"{start}: {pick(self.designs)}"
        if kind < 0.7:
            return f"{pick(self.topics).capitalize()} and {pick(self.topics)} {pick(self.settings)}"
        return start

    def people(self) -> list[dict[str, str]]:
        names = self.families.split()
        return [
            {
                "family": self.rng.choice(names).replace("_", " "),
                "given": self.rng.choice(self.given) + self.rng.choice(("", " M", " J", " A")),
            }
            for _ in range(self.rng.choices((1, 2, 3, 4, 6, 9), (8, 18, 22, 22, 20, 10))[0])
        ]

    def work(self, **given: Any) -> Reference:
        self.count += 1
        first = self.rng.randint(1, 2_000)
        last = first + self.rng.randint(3, 18)
        csl = {
            "volume": str(self.rng.randint(1, 120)),
            "issue": str(self.rng.randint(1, 12)),
            "page": self.rng.choice((f"{first}-{last}", f"{first}-{last}", f"e{first}")),
        }
        made: dict[str, Any] = {
            "title": self.title(),
            "authors": self.people(),
            "year": self.rng.randint(1995, 2026),
            "container_title": self.rng.choice(self.journals),
            "doi": f"10.1{self.rng.randint(200, 999)}/{self.count}.{first}",
            "csl": csl,
        }
        if self.rng.random() < 0.25:
            made["doi"] = None
        return Reference(id=0, **(made | given))

    def family(self) -> list[Reference]:
        """Return one work, or several to keep apart."""
        work = self.work()
        kind = self.rng.random()
        makers: tuple[tuple[float, Callable[[Reference], list[Reference]]], ...] = (
            (0.05, self._parts), (0.07, self._erratum), (0.09, self._reply),
            (0.11, self._abstract), (0.16, self._next_paper), (0.18, self._annual),
            (0.20, self._editorials),
        )  # fmt: skip
        for limit, make in makers:
            if kind < limit:
                return make(work)
        return [work]

    def _again(self, work: Reference, **given: Any) -> Reference:
        """Return the same team's other piece in the same journal: own pages and DOI."""
        other = self.work()
        doi = other.doi if work.doi else None
        csl = {**(other.csl or {}), "volume": (work.csl or {})["volume"]}
        return replace(work, **({"doi": doi, "csl": csl} | given))

    def _parts(self, work: Reference) -> list[Reference]:
        one, two = self.rng.choice(
            (("Part 1", "Part 2"), ("Part I", "Part II"), ("phase one", "phase two"))
        )
        start = work.title.partition(":")[0]
        other = self._again(
            work, title=f"{start}: {two}", year=(work.year or 0) + self.rng.choice((0, 0, 1))
        )
        return [replace(work, title=f"{start}: {one}"), other]

    def _erratum(self, work: Reference) -> list[Reference]:
        start = self.rng.choice(("Erratum to: ", "Correction: ", "Corrigendum to "))
        return [work, self._again(work, title=start + work.title)]

    def _reply(self, work: Reference) -> list[Reference]:
        start = self.rng.choice(("Comment on: ", "Response to: ", "Re: "))
        return [work, self._again(work, title=start + work.title, authors=self.people())]

    def _abstract(self, work: Reference) -> list[Reference]:
        csl = {
            "genre": "Conference Abstract",
            "page": f"S{self.rng.randint(1, 400)}",
            "volume": "9",
        }
        year = (work.year or 0) - self.rng.choice((0, 1))
        place = self.rng.choice(self.journals)
        return [
            work,
            replace(work, csl=csl, year=year, container_title=f"{place} Supplement", doi=None),
        ]

    def _next_paper(self, work: Reference) -> list[Reference]:
        """Return two papers of one team whose titles differ in setting, topic or design."""
        swap = self.rng.choice((self.settings, self.topics, self.designs))
        there = [phrase for phrase in swap if phrase in work.title]
        if not there:
            return [work]
        other = self.rng.choice([phrase for phrase in swap if phrase != there[0]])
        return [work, self._again(work, title=work.title.replace(there[0], other, 1))]

    def _annual(self, work: Reference) -> list[Reference]:
        year = work.year or 0
        title = f"Annual report on {self.rng.choice(self.topics)}"
        return [self._again(work, title=f"{title}, {year + n}", year=year + n) for n in range(2)]

    def _editorials(self, work: Reference) -> list[Reference]:
        title = self.rng.choice(
            ("Editorial", "Introduction", "Book review", "Letter to the editor")
        )
        return [self.work(title=title) for _ in range(2)]


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
    def changed(_: Random, work: Reference) -> Reference:
        if any("literal" in name or "given" not in name for name in work.authors):
            return work
        return replace(work, authors=[change(dict(name)) for name in work.authors])

    return changed


def _without_subtitle(_: Random, text: str) -> str:
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
    def change(rng: Random, work: Reference) -> Reference:
        kept = {**(work.csl or {}), **values}
        return replace(work, csl={name: value for name, value in kept.items() if value})

    return change


def _abbreviated(rng: Random, work: Reference) -> Reference:
    short = dict(line.split("|") for line in JOURNALS.splitlines())
    return replace(
        work, container_title=short.get(work.container_title or "", work.container_title)
    )


def _short_pages(rng: Random, work: Reference) -> Reference:
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
ERRORS: dict[str, Error] = {
    "title slips": _title(lambda rng, text: slips(rng, text, 3)),
    "subtitle lost": _title(_without_subtitle),
    "capitals": _title(lambda _, text: text.upper()),
    "brackets": _title(lambda rng, text: f"[{text}]." if rng.random() < 0.5 else f"{text}."),
    "markup": _title(lambda _, text: text.replace(" and ", " &amp; ").replace("trial", "<i>trial</i>")),
    "accents lost": _title(lambda _, text: _plain(text)),
    "dash for colon": _title(lambda _, text: text.replace(": ", " – ")),
    "american": _title(lambda _, text: text.replace("randomised", "randomized").replace("isation", "ization").replace("Organising", "Organizing")),
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
    "DOI as address": lambda _, work: replace(work, doi=work.doi and f"https://doi.org/{work.doi.upper()}"),
    "another DOI": lambda rng, work: replace(work, doi=work.doi and f"{work.doi}.{rng.randint(10, 99)}") if rng.random() < 0.3 else work,
    "no pages": _csl(page=None),
    "no volume": _csl(volume=None, issue=None),
    "short pages": _short_pages,
    "pages ahead of print": _csl(page=None, volume=None, issue=None),
}  # fmt: skip
