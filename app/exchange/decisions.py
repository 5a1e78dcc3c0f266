"""Decisions made in Rayyan or Covidence, taken in from their exports as those of named people.

Both exports are files of references whose notes carry the decisions, so the readers of references
read them; here each record is matched to a source of the review and its decisions written down.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import now, take_numbers
from app.errors import InvalidError
from app.exchange.decision_matching import Shelf
from app.exchange.decision_notes import Said, Tool, is_rayyan, read_covidence, read_rayyan
from app.exchange.decision_people import People
from app.exchange.decision_schemas import DecisionImportRead, DecisionImportWish, DecisionLeftOut
from app.exchange.references.reading import Wish, guess, read_references
from app.exchange.references.record import BadRecord, Found, Record
from app.history.models import Channel
from app.history.recording import insert_many, ledger
from app.library.screening import misplaced, set_verdict
from app.library.screening_models import Decision, ScreeningVerdict, Stage, StageUnit
from app.library.screening_schemas import DecisionFields
from app.library.screening_stages import add_reasons, keep_stages, reasons_of, stages_of
from app.library.screening_standing import Material, read_material

STATUSES = {
    "irrelevant": (StageUnit.RECORDS, ScreeningVerdict.EXCLUDE),
    "select": (StageUnit.RECORDS, ScreeningVerdict.INCLUDE),
    "excluded": (StageUnit.REPORTS, ScreeningVerdict.EXCLUDE),
    "included": (StageUnit.REPORTS, ScreeningVerdict.INCLUDE),
}
"""What the words in the names of Covidence's files stand for."""
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file is read: by which tool, for which stage, with what said of all of it."""

    tool: Tool
    stage: Stage
    verdict: ScreeningVerdict | None = None
    screener: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """A decision to be written: of which source, by whom, with which reason in words."""

    source_id: int
    said: Said
    reason: str | None


@dataclass(slots=True)
class Tally:
    """What became of the records so far."""

    records: int = 0
    matched: int = 0
    undecided: int = 0
    taken: list[Taken] = field(default_factory=list)
    left_out: list[DecisionLeftOut] = field(default_factory=list)


def import_decisions(
    session: Session, member: Member, wish: DecisionImportWish, content: bytes
) -> DecisionImportRead:
    """Take decisions in, or with `preview` say what that would do.

    All of it is one change-set; the same file again changes nothing.
    """
    book = ledger(session)
    book.channel = Channel.IMPORT
    book.reason = book.reason or f"decisions of {wish.file_name}"
    given = Wish(wish.file_name, wish.format, wish.encoding)
    records = list(read_references(content, guess(content, given)))
    is_new = not wish.preview
    stages = keep_stages(session, member) if is_new else stages_of(session, member.review_id)
    plan = _plan(stages, wish, records)
    tally = _sorted(session, member, plan, wish, records)
    people = People(session, member, wish.person, match_names=wish.match_names)
    writer = _Writer(session, member, plan, people, is_preview=wish.preview)
    writer.write(tally.taken)
    return DecisionImportRead(
        is_preview=wish.preview,
        tool=plan.tool,
        stage_id=plan.stage.id,
        stage=plan.stage.name,
        records=tally.records,
        matched=tally.matched,
        undecided=tally.undecided,
        added=writer.count["added"],
        changed=writer.count["changed"],
        same=writer.count["same"],
        people=people.described(Counter(taken.said.person for taken in tally.taken)),
        new_reasons=writer.new_reasons,
        left_out=tally.left_out,
        change_set=book.change_sets.get(member.review_id) if is_new else None,
    )


def note_of(record: Record) -> str:
    """Return the notes of a record; of BibTeX from the raw text, where TeX means nothing."""
    if record.raw.lstrip().startswith("@"):
        found = re.search(r"RAYYAN-INCLUSION:.*", record.raw)
        return re.sub(r"[}\s,]+$", "", found[0].replace('\\"', '"')) if found else ""
    csl = record.fields.get("csl") or {}
    return str(csl.get("note") or "")


def tags_of(record: Record) -> str:
    """Return what a table has under `Tags`, which no reference has a place for."""
    custom = (record.fields.get("csl") or {}).get("custom")
    tables = custom.values() if isinstance(custom, dict) else ()
    for pair in chain.from_iterable(table for table in tables if isinstance(table, list)):
        match pair:
            case [str(heading), str(cell)] if heading.casefold() == "tags":
                return cell
    return ""


def _plan(stages: Sequence[Stage], wish: DecisionImportWish, records: Sequence[Found]) -> Plan:
    """Settle how to read a file; raises `InvalidError` naming what has to be said."""
    notes = [note_of(record) for record in records if isinstance(record, Record)]
    status = next((STATUSES[w] for w in STATUSES if w in wish.file_name.lower()), None)
    tool = wish.tool or (Tool.RAYYAN if any(map(is_rayyan, notes)) else Tool.COVIDENCE)
    if tool is Tool.RAYYAN and wish.verdict:
        raise InvalidError("verdict: Rayyan's files say it record by record; leave it out.")
    unit, verdict = status if status and tool is Tool.COVIDENCE else (None, None)
    stage = _stage(stages, wish.stage_id, unit)
    verdict = wish.verdict or verdict
    if tool is Tool.COVIDENCE and verdict is None:
        raise InvalidError(
            "verdict: say what the file's records were decided: include or exclude. Covidence "
            "writes one file for each status and names it irrelevant, excluded, included …"
        )
    return Plan(tool, stage, verdict, wish.screener or "Covidence consensus")


def _stage(stages: Sequence[Stage], number: int | None, unit: StageUnit | None) -> Stage:
    for stage in stages:
        fits = stage.id == number if number else stage.unit is unit
        if fits and not stage.is_skipped:
            return stage
    names = ", ".join(f"{stage.id} ({stage.name})" for stage in stages if not stage.is_skipped)
    raise InvalidError(f"stage_id: say which stage the decisions are of: {names}.")


def _sorted(
    session: Session,
    member: Member,
    plan: Plan,
    wish: DecisionImportWish,
    records: Sequence[Found],
) -> Tally:
    """Sort records into decisions, records nobody decided of, and those left out with why."""
    material = read_material(session, member.review_id)
    shelf = Shelf(session, member.review_id, material.roots)
    tally = Tally(records=len(records))
    seen: dict[tuple[int, str], int] = {}
    for record in records:
        if isinstance(record, BadRecord):
            tally.left_out.append(_left_out(record, "", record.reason))
            continue
        said = _read(plan, record)
        title = str(record.fields["title"])
        found = shelf.find(record.fields) if said else 0
        why = found if isinstance(found, str) else ""
        taken = [] if why else list(_taken(plan, wish, int(found), said))
        why = why or _why_not(plan, material, taken, seen, record.number)
        if not said:
            tally.undecided += 1
        elif why:
            tally.left_out.append(_left_out(record, title, why))
        else:
            tally.matched += 1
            tally.taken += taken
    return tally


def _left_out(record: Record | BadRecord, title: str, why: str) -> DecisionLeftOut:
    return DecisionLeftOut(
        record=record.number, line=record.line, title=title[:LONGEST_TITLE], why=why
    )


def _read(plan: Plan, record: Record) -> list[Said]:
    note = note_of(record)
    if plan.tool is Tool.RAYYAN:
        return read_rayyan(note)
    verdict = plan.verdict or ScreeningVerdict.INCLUDE
    return read_covidence(note, verdict, plan.screener, tags_of(record))


def _taken(
    plan: Plan, wish: DecisionImportWish, source_id: int, said: Sequence[Said]
) -> Iterator[Taken]:
    for one in said:
        reason = one.reasons[0] if one.reasons else None
        if reason is None and one.verdict is ScreeningVerdict.EXCLUDE and plan.stage.needs_reason:
            reason = wish.default_reason
        yield Taken(source_id, one, reason)


def _why_not(
    plan: Plan,
    material: Material,
    taken: Sequence[Taken],
    seen: dict[tuple[int, str], int],
    number: int,
) -> str:
    """Return why the decisions of a record cannot be taken in, or nothing."""
    for one in taken:
        key = (one.source_id, one.said.person)
        if seen.setdefault(key, number) != number:
            return f"record {seen[key]} of the file is of S{one.source_id} too"
        lacks = one.said.verdict is ScreeningVerdict.EXCLUDE and one.reason is None
        if lacks and plan.stage.needs_reason:
            return (
                f"excluded without a reason, and {plan.stage.name} asks for one; say default_reason"
            )
        problem = misplaced(one.source_id, plan.stage.id, material)
        if problem:
            return problem
    return ""


class _Writer:
    """Writes decisions: new ones at once, those that are here already where they differ."""

    def __init__(
        self, session: Session, member: Member, plan: Plan, people: People, *, is_preview: bool
    ) -> None:
        self.session, self.member, self.plan, self.people = session, member, plan, people
        self.is_preview = is_preview
        self.is_final = plan.tool is Tool.COVIDENCE  # it exports what was agreed there
        self.count: Counter[str] = Counter()
        self.new_reasons: list[str] = []

    def write(self, taken: Sequence[Taken]) -> None:
        """Write all of them."""
        reasons = self._reasons(taken)
        known = self._known()
        new = []
        for one in taken:
            person = self.people.number(one.said.person, is_preview=self.is_preview)
            old = known.get((one.source_id, 0 if self.is_final else person))
            if old is None:
                new.append(self._row(one, person, reasons))
            else:
                self._change(old, one, reasons)
        self.count["added"] = len(new)
        if new and not self.is_preview:
            first = take_numbers(self.session, self.member.review_id, "N", len(new))
            rows = [row | {"id": number} for number, row in enumerate(new, start=first)]
            insert_many(self.session, Decision, rows)
        self.session.flush()

    def _known(self) -> dict[tuple[int, int], Decision]:
        """Return the decisions of the stage, by source and person; final ones by source."""
        here = select(Decision).where(
            Decision.review_id == self.member.review_id,
            Decision.stage_id == self.plan.stage.id,
            Decision.is_final.is_(self.is_final),
        )
        return {
            (row.source_id, 0 if self.is_final else row.screener_id): row
            for row in self.session.scalars(here)
        }

    def _reasons(self, taken: Sequence[Taken]) -> dict[str, int]:
        """Return the numbers of all reasons by their words, making those the stage lacks."""
        stage = self.plan.stage
        there = reasons_of(self.session, stage.review_id).get(stage.id, [])
        known = {reason.label.casefold(): reason.id for reason in there}
        for one in taken:
            if one.reason and one.reason.casefold() not in known:
                known[one.reason.casefold()] = 0
                self.new_reasons.append(one.reason)
        if self.new_reasons and not self.is_preview:
            made = add_reasons(self.session, self.member, stage, self.new_reasons)
            known |= {reason.label.casefold(): reason.id for reason in made}
        return known

    def _row(self, one: Taken, person: int, reasons: dict[str, int]) -> dict[str, Any]:
        return {
            "review_id": self.member.review_id,
            "stage_id": self.plan.stage.id,
            "source_id": one.source_id,
            "screener_id": person,
            "verdict": one.said.verdict,
            "reason_id": reasons[one.reason.casefold()] if one.reason else None,
            "note": one.said.note,
            "is_final": self.is_final,
            "came_from": self.plan.tool.value,
            "decided_at": now(),
            "last_check": 0,
            "created_by": self.member.user.id,
            "created_at": now(),
            "version": 1,
        }

    def _change(self, old: Decision, one: Taken, reasons: dict[str, int]) -> None:
        reason = reasons[one.reason.casefold()] if one.reason else None
        said = (one.said.verdict, reason, one.said.note)
        if said == (old.verdict, old.reason_id, old.note):
            self.count["same"] += 1
            return
        self.count["changed"] += 1
        if not self.is_preview:
            wish = DecisionFields(
                source_id=old.source_id,
                verdict=one.said.verdict,
                reason_id=reason,
                note=one.said.note,
            )
            set_verdict(old, wish)
            old.came_from = self.plan.tool.value
