"""Records of which one knows which are one work: made up, with the errors that databases make.

Works come alone, or as a family that must stay apart: parts of one study, an erratum, a reply, a
conference abstract before the paper, the same team's next paper in the same journal and year.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import combinations
from random import Random
from typing import Any

from app.library.matching_fields import Reference
from benchmarks.spoiling import JOURNALS, spoilt

TOPICS = """
interprofessional collaboration | hospital mergers | trust between organisations | falls
prevention | antibiotic stewardship | nurse staffing | integrated care | hand hygiene | shared
decision making | community health workers | telehealth follow-up | medication adherence |
palliative home care | patient safety culture | clinical leadership | vaccination uptake |
opioid tapering | stroke rehabilitation | mental health crisis teams | school nutrition | peer
support | diabetes self-management | β-lactam allergy testing | preterm birth | smoking
cessation | frailty screening | surgical checklists | waiting times | asthma education |
catheter-associated infection | primary care networks | discharge planning
"""
SETTINGS = """
in acute hospitals | among older adults | in rural Ghana | in low-income settings | across four
English regions | in primary schools | after hip fracture | during pregnancy | in emergency
departments | for people with dementia | in Québec | among nurses | in São Paulo | in nursing
homes | in Māori communities | under universal coverage | at the end of life | in intensive care
| among migrants | in prisons | for young carers | after discharge | in general practice | in
Norwegian municipalities | among adolescents
"""
OPENINGS = """
The effect of | Barriers to | Understanding | Implementing | What works in | Experiences of |
Determinants of | Cost-effectiveness of | How context shapes | Sustaining | Factors associated
with | Perceptions of | Scaling up | Evaluating | Improving | Predictors of | Long-term outcomes
of | Attitudes towards | Organising | Readiness for
"""
DESIGNS = """
a realist review | a systematic review and meta-analysis | a cluster randomised controlled trial
| a qualitative study | protocol for a mixed-methods evaluation | a cohort study | results of a
national survey | an ethnography | a scoping review | a time-series analysis | lessons from
practice | a feasibility study | a Delphi study | a stepped-wedge trial | a 10-year follow-up |
an economic evaluation
"""
FAMILIES = """
Smith Jones García Müller Nguyen Wang Zhang Li Kim Park O'Brien van der Berg Østergaard Dubois
Rossi Silva Kowalski Novák Ivanova Suzuki Tanaka Patel Singh Khan Ahmed Okafor Mensah Dlamini
Johansson Lindqvist Virtanen Papadopoulos Yilmaz Cohen Levi Haddad Fernández Moreau Schäfer
Weber Aunger Millar Greenhalgh Rousseau Apostolakis Huxham Pawson Tilley Wong Marchal Dalkin
Jagosh
"""
GIVEN = """
Anna Peter María Wei Justin Ross Joanne Denise Olu Fatima Hannah Lars Yuki Raj Elena Tomás
Ingrid Chloé Samuel Grace Ibrahim Noor Matteo Sofia Jan Katarzyna David Ruth Amara Kofi Liam Zoë
"""


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

    def _editorials(self, _work: Reference) -> list[Reference]:
        title = self.rng.choice(
            ("Editorial", "Introduction", "Book review", "Letter to the editor")
        )
        return [self.work(title=title) for _ in range(2)]
