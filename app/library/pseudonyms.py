"""Names that must not leave, and what stands for them.

Names are put out of a text before it is kept, so that no quote, table, search or archive can hold
them. The list of names itself is in no history and, unless asked for, in no archive.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Table, cast, or_, select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import Base, take_numbers
from app.errors import FieldProblem, NamesFoundError, TakenError
from app.history.models import Change
from app.history.reading import models
from app.library.documents import PLAIN, Upload
from app.library.models import Pseudonym
from app.library.pseudonym_schemas import NameFound, PseudonymCreate
from app.library.schemas import DocumentWish
from app.library.transcripts import is_talk

AT_ONCE = 50
"""Names looked for in one question."""


def names_of(session: Session, review_id: int) -> dict[str, str]:
    """Return the pseudonym of every name that is known."""
    rows = select(Pseudonym.name, Pseudonym.pseudonym).where(
        Pseudonym.review_id == review_id, Pseudonym.name.is_not(None)
    )
    return {name: pseudonym for name, pseudonym in session.execute(rows) if name}


def has_names(session: Session, review_id: int) -> bool:
    """Say whether the review knows names that texts should not have."""
    named = select(Pseudonym.id).where(
        Pseudonym.review_id == review_id, Pseudonym.name.is_not(None)
    )
    return session.scalar(named.limit(1)) is not None


def add_pseudonyms(
    session: Session, member: Member, wishes: Sequence[PseudonymCreate]
) -> list[Pseudonym]:
    """Add names with their pseudonyms, all or none; raises `TakenError` for a name that is known.

    Several names may share a pseudonym: Mary Smith and Dr Smith.
    """
    known = set(names_of(session, member.review_id))
    for n, wish in enumerate(wishes):
        if wish.name in known:
            message = "has a pseudonym already; delete that first to give another"
            raise TakenError(
                f"items.{n}.name: {message}.", fields=[FieldProblem(f"items.{n}.name", message)]
            )
        known.add(wish.name)
    first = take_numbers(session, member.review_id, "P", len(wishes))
    added = [
        Pseudonym(
            review_id=member.review_id,
            id=first + n,
            created_by=member.user.id,
            **wish.model_dump(),
        )
        for n, wish in enumerate(wishes)
    ]
    session.add_all(added)
    session.flush()
    return added


def delete_pseudonym(session: Session, pseudonym: Pseudonym) -> None:
    """Forget a name: taking this back brings the pseudonym back, never the name."""
    pseudonym.name = None  # first, for what is deleted is recorded as it is
    session.flush()
    session.delete(pseudonym)
    session.flush()


def without_names(
    session: Session, review_id: int, wish: DocumentWish, upload: Upload, *, is_transcript: bool
) -> tuple[DocumentWish, Upload]:
    """Return an upload as it may be kept: with pseudonyms where that was asked for.

    Raises `NamesFoundError` when a transcript has names and nobody said what to do with them.
    """
    names = names_of(session, review_id)
    if not names or wish.pseudonymise is False:
        return wish, upload
    pattern = _pattern(names)
    found = len(pattern.findall(upload.text)) + len(pattern.findall(wish.file_name))
    if not found:
        return wish, upload
    if not wish.pseudonymise:
        if is_transcript or is_talk(upload.text):
            raise NamesFoundError(
                f"The file has names of the pseudonym list in {found} places, and nothing was "
                "kept. Choose to put pseudonyms in their place, or to keep the names "
                "(pseudonymise, true or false), and send it again.",
                extra={"places": found},
            )
        return wish, upload
    text, breaks = _put_out(pattern, names, upload.text, upload.page_breaks)
    note = f"names put out in {found} places before it was kept; the file as sent was not kept"
    kept = replace(
        upload,
        content=text.encode(),
        media_type="text/plain",
        extractor=PLAIN,
        text=text,
        page_breaks=breaks,
        notes=[*upload.notes, note],
        properties={},
        layout=None,
    )
    name, _ = _put_out(pattern, names, wish.file_name, None)
    return wish.model_copy(update={"file_name": name}), kept


def _pattern(names: Mapping[str, str]) -> re.Pattern[str]:
    """Match names as whole words, longest first, in their own or in capital letters."""
    spelled = {form for name in names for form in (name, name.upper())}
    wordings = [
        r"\s+".join(re.escape(part) for part in form.split())
        for form in sorted(spelled, key=lambda form: (-len(form), form))
    ]
    return re.compile(rf"(?<!\w)(?:{'|'.join(wordings)})(?!\w)")


def _pseudonym(names: Mapping[str, str], found: str) -> str:
    words = " ".join(found.split())
    by_capitals = {name.upper(): pseudonym for name, pseudonym in names.items()}
    return names.get(words) or by_capitals[words]


def _put_out(
    pattern: re.Pattern[str], names: Mapping[str, str], text: str, breaks: list[int] | None
) -> tuple[str, list[int] | None]:
    """Put pseudonyms in the place of names, and say where pages start then."""
    pieces: list[str] = []
    moved, waiting, done, length = [], list(breaks or ()), 0, 0
    for match in pattern.finditer(text):
        while waiting and waiting[0] <= match.start():
            moved.append(length + waiting.pop(0) - done)
        pieces += text[done : match.start()], _pseudonym(names, match.group())
        length += len(pieces[-2]) + len(pieces[-1])
        done = match.end()
        while waiting and waiting[0] < done:  # a name over two pages stays on the first
            moved.append(length)
            waiting.pop(0)
    moved += [length + at - done for at in waiting]
    return "".join([*pieces, text[done:]]), moved if breaks else None


def find_names(session: Session, review_id: int) -> list[NameFound]:
    """Say where names of the list still stand: in any text of the review or of its history."""
    names = names_of(session, review_id)
    found = []
    for start in range(0, len(names), AT_ONCE):
        some = dict(list(names.items())[start : start + AT_ONCE])
        for table in _tables():
            found += list(_found_in(session, review_id, table, some))
    return found


def _tables() -> list[Table]:
    owned = [t for t in Base.metadata.sorted_tables if "review_id" in t.primary_key.columns]
    return [table for table in owned if table.name != Pseudonym.__tablename__]


def _found_in(
    session: Session, review_id: int, table: Table, names: Mapping[str, str]
) -> Iterator[NameFound]:
    pattern = _pattern(names)
    own = [c for c in table.primary_key.columns if c.name != "review_id"]
    for column in table.columns:
        if not (type(column.type) is String or isinstance(column.type, JSON)):
            continue
        text = cast(column, String) if isinstance(column.type, JSON) else column
        rows = session.execute(
            select(*own, text).where(table.c.review_id == review_id, or_(*_holding(text, names)))
        )
        for row in rows:
            readable = _readable(row[-1]) if isinstance(column.type, JSON) else row[-1]
            counts = Counter(_pseudonym(names, name) for name in pattern.findall(readable))
            for pseudonym, places in counts.items():
                yield NameFound(
                    thing=_thing(table, dict(zip((c.name for c in own), row, strict=False))),
                    column=f"{table.name}.{column.name}",
                    pseudonym=pseudonym,
                    places=places,
                )


def _holding(text: ColumnElement[str], names: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    for name in names:
        for form in {name, name.upper()}:
            word = max(form.split(), key=len)  # the others may stand beyond a line break
            yield text.contains(word, autoescape=True)
            if not word.isascii():
                yield text.contains(json.dumps(word)[1:-1], autoescape=True)


def _readable(stored: str) -> str:
    """Return JSON without its escapes, so that names read as they are written."""
    return json.dumps(json.loads(stored), ensure_ascii=False)


def _thing(table: Table, key: Mapping[str, Any]) -> str:
    """Name what people cite: D4, or H12 for the history."""
    if table.name == Change.__tablename__:
        return f"H{key['change_set_id']}"
    aggregate = models()[table.name].aggregate
    kind, number = aggregate or (table.name, "id")
    return f"{kind}{key.get(number, '')}"
