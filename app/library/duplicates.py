"""Looking for duplicates: what is certain is merged, what is likely waits for a person.

Everything is compared each time, so it does not matter in which order searches were imported; what
was decided stays decided. A whole run is one change-set.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.history.reading import batched
from app.history.recording import ledger
from app.library.duplicate_models import DuplicatePair, PairState
from app.library.duplicate_schemas import FindRead
from app.library.filling import richness
from app.library.matching import Match, Tell, find_matches
from app.library.matching_fields import Reference, clean_doi
from app.library.merging import decide, join, new_pair
from app.library.models import Document, Source

Pair = tuple[int, int]
_READ = (
    Source.id,
    Source.title,
    Source.authors,
    Source.year,
    Source.container_title,
    Source.doi,
    Source.pmid,
    Source.csl,
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing found, and in which versions of the sources."""

    matches: Sequence[Match]
    versions: Mapping[int, int]


def find_duplicates(
    session: Session, member: Member, *, automatic: bool = True, tell: Tell | None = None
) -> FindRead:
    """Look for duplicates and write down what was found, within one transaction."""
    return take_in(
        session, member, compare_all(session, member.review_id, tell), automatic=automatic
    )


def compare_all(session: Session, review_id: int, tell: Tell | None = None) -> Comparison:
    """Compare all sources of a review; writes nothing."""
    rows = session.execute(
        select(*_READ, Source.version).where(Source.review_id == review_id).order_by(Source.id)
    ).all()
    records = [
        Reference(
            row.id,
            row.title,
            row.authors,
            row.year,
            row.container_title,
            row.doi,
            row.pmid,
            csl=row.csl,
        )
        for row in rows
    ]
    return Comparison(find_matches(records, tell), {row.id: row.version for row in rows})


def take_in(session: Session, member: Member, found: Comparison, *, automatic: bool) -> FindRead:
    """Merge what is certain and queue the rest; sources changed since they were read wait."""
    book = ledger(session)
    book.reason = book.reason or "looked for duplicates"
    run = _Run(session, member, found)
    merged = run.merge_certain() if automatic else 0
    suggested, dropped = run.queue_likely()
    session.flush()
    waiting = select(func.count()).where(
        DuplicatePair.review_id == member.review_id, DuplicatePair.state == PairState.SUGGESTED
    )
    return FindRead(
        compared=len(found.versions),
        merged=merged,
        suggested=suggested,
        dropped=dropped,
        waiting=session.scalar(waiting) or 0,
    )


class _Run:
    """One run over what was found: who stands for whom changes while it goes on."""

    def __init__(self, session: Session, member: Member, found: Comparison) -> None:
        self.session, self.member, self.review_id = session, member, member.review_id
        rows = session.execute(
            select(Source.id, Source.merged_into_id, Source.version).where(
                Source.review_id == self.review_id
            )
        ).all()
        self.survivor = {row.id: row.merged_into_id or row.id for row in rows}
        self.same = {row.id for row in rows if found.versions.get(row.id) == row.version}
        self.matches = [m for m in found.matches if {m.lower_id, m.higher_id} <= self.same]
        self.groups: dict[int, set[int]] = defaultdict(set)
        for number, into in self.survivor.items():
            self.groups[into].add(number)
        pairs = session.scalars(
            select(DuplicatePair).where(DuplicatePair.review_id == self.review_id)
        )
        self.pairs = {(pair.lower_id, pair.higher_id): pair for pair in pairs}
        self.apart: dict[int, set[int]] = defaultdict(set)
        for (lower, higher), pair in self.pairs.items():
            if pair.state is PairState.APART:
                self.apart[lower].add(higher)
                self.apart[higher].add(lower)

    def merge_certain(self) -> int:
        """Merge every certain pair that nothing speaks against, the surest first."""
        certain = [match for match in self.matches if match.is_certain]
        groups = list(self._joined(certain))
        there = self._load({self.survivor[number] for group in groups for number in group.numbers})
        with_text = self._with_documents(there)
        best = {(m.lower_id, m.higher_id): m for m in reversed(self.matches)}
        merged = 0
        for group in groups:
            heads = sorted({self.survivor[number] for number in group.numbers})
            first = max(heads, key=lambda n: self._weight(there[n], with_text))
            for number in heads:
                if number != first:
                    match = best.get(_ordered(number, first)) or group.match_of(number)
                    self._merge(there[number], there[first], match)
                    merged += 1
        return merged

    def _joined(self, certain: Iterable[Match]) -> Iterator["_Group"]:
        """Join what is certain into groups, unless something in one speaks against the other."""
        identifiers = self._identifiers({n for m in certain for n in (m.lower_id, m.higher_id)})
        of: dict[int, _Group] = {}
        for match in certain:
            one, other = (
                of.get(self.survivor[n]) or _Group.of(self.groups[self.survivor[n]], identifiers)
                for n in (match.lower_id, match.higher_id)
            )
            if one is other or self._are_apart(one.numbers, other.numbers) or one.conflicts(other):
                continue
            whole = one.joined(other, match)
            of |= {self.survivor[number]: whole for number in whole.numbers}
        unique = {id(group): group for group in of.values()}
        return iter(unique.values())

    def _identifiers(self, numbers: set[int]) -> dict[int, tuple[str, str]]:
        found = {}
        for some in batched(sorted(numbers)):
            rows = select(Source.id, Source.doi, Source.pmid).where(
                Source.review_id == self.review_id, Source.id.in_(some)
            )
            for number, doi, pmid in self.session.execute(rows):
                found[number] = (clean_doi(doi), pmid or "")
        return found

    def _are_apart(self, one: Iterable[int], other: set[int]) -> bool:
        return any(number in self.apart and self.apart[number] & other for number in one)

    def _load(self, numbers: set[int]) -> dict[int, Source]:
        """Load sources that stand for themselves, with those merged into them before."""
        found: dict[int, Source] = {}
        for some in batched(sorted(numbers)):
            rows = select(Source).where(Source.review_id == self.review_id, Source.id.in_(some))
            found |= {source.id: source for source in self.session.scalars(rows)}
        return found

    def _with_documents(self, numbers: Iterable[int]) -> set[int]:
        found: set[int] = set()
        for some in batched(numbers):
            rows = select(Document.source_id).where(
                Document.review_id == self.review_id, Document.source_id.in_(some)
            )
            found |= set(self.session.scalars(rows))
        return found

    def _weight(self, source: Source, with_text: set[int]) -> tuple[bool, bool, int, int]:
        """Prefer what stands for others already, has a full text, tells more, and came first."""
        stands = len(self.groups[source.id]) > 1
        return stands, source.id in with_text, richness(source), -source.id

    def _merge(self, source: Source, survivor: Source, match: Match) -> None:
        lower, higher = _ordered(source.id, survivor.id)
        pair = self.pairs.get((lower, higher))
        if pair is None:
            own = Match(lower, higher, match.score, match.reasons, is_certain=True)
            pair = self.pairs[lower, higher] = new_pair(self.review_id, own)
            self.session.add(pair)
        decide(pair, PairState.MERGED, self.member.user.id, by_program=True)
        join(pair, source, survivor, self._parts(source.id))
        for number in self.groups.pop(source.id):
            self.survivor[number] = survivor.id
            self.groups[survivor.id].add(number)

    def _parts(self, number: int) -> list[Source]:
        """Return what was merged into a source before."""
        return list(self._load(self.groups[number] - {number}).values())

    def queue_likely(self) -> tuple[int, int]:
        """Bring the queue up to date; return how many pairs are new in it and how many left it."""
        wanted: dict[Pair, Match] = {}
        for match in self.matches:
            one, other = self.survivor[match.lower_id], self.survivor[match.higher_id]
            if one != other and not self._are_apart(self.groups[one], self.groups[other]):
                wanted.setdefault(_ordered(one, other), match)
        dropped = 0
        for key, pair in list(self.pairs.items()):
            is_joined = self.survivor[key[0]] == self.survivor[key[1]]
            if pair.state is not PairState.SUGGESTED or key in wanted:
                continue
            if is_joined or set(key) <= self.same:  # one changed meanwhile is compared next time
                dropped += 1
                self._drop(pair)
        return sum(self._queue(key, match) for key, match in wanted.items()), dropped

    def _drop(self, pair: DuplicatePair) -> None:
        if self.survivor[pair.lower_id] == self.survivor[pair.higher_id]:
            decide(pair, PairState.MERGED, self.member.user.id, by_program=True)
        else:
            self.session.delete(pair)

    def _queue(self, key: Pair, match: Match) -> bool:
        pair = self.pairs.get(key)
        if pair is None:
            own = Match(*key, match.score, match.reasons, match.is_certain)
            self.session.add(new_pair(self.review_id, own))
            return True
        if pair.state is PairState.SUGGESTED and (pair.score, pair.reasons) != (
            match.score,
            list(match.reasons),
        ):
            pair.score, pair.reasons = match.score, list(match.reasons)
        return False


@dataclass(frozen=True, slots=True)
class _Group:
    """Sources that are one work for certain, and what identifies them."""

    numbers: set[int]
    dois: set[str]
    pmids: set[str]
    matches: tuple[Match, ...] = ()

    @classmethod
    def of(cls, numbers: set[int], identifiers: Mapping[int, tuple[str, str]]) -> "_Group":
        """Return the group of a source and those merged into it."""
        known = [identifiers[number] for number in numbers if number in identifiers]
        return cls(set(numbers), {d for d, _ in known if d}, {p for _, p in known if p})

    def conflicts(self, other: "_Group") -> bool:
        """Say whether both have an identifier of one kind, and share none."""
        kinds = ((self.dois, other.dois), (self.pmids, other.pmids))
        return any(mine and theirs and not mine & theirs for mine, theirs in kinds)

    def joined(self, other: "_Group", match: Match) -> "_Group":
        """Return both as one."""
        return _Group(
            self.numbers | other.numbers,
            self.dois | other.dois,
            self.pmids | other.pmids,
            (*self.matches, *other.matches, match),
        )

    def match_of(self, number: int) -> Match:
        """Return the surest match that brought a source in."""
        own = [match for match in self.matches if number in {match.lower_id, match.higher_id}]
        return max(own or self.matches, key=lambda match: match.score)


def _ordered(one: int, other: int) -> Pair:
    return min(one, other), max(one, other)
