"""What stands in the index for a thing: its words by place, and for a document its passages."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.fulltext.models import TextKind
from app.fulltext.passages import passages, portions
from app.fulltext.texts import Place, Thing, marked, read_things
from app.fulltext.words import DIVIDER, words

Entry = dict[str, Any]
"""A row of `text_entry` but for its review and its place."""


def entries(
    session: Session, review_id: int, kind: TextKind, numbers: Sequence[int]
) -> Iterator[Entry]:
    """Yield the entries of those things that are there, in the order of number and part."""
    if kind is TextKind.DOCUMENT:  # read one at a time, for they are long
        for thing in read_things(session, review_id, kind, numbers):
            marked(session, review_id, kind, [thing])
            yield from _passages(thing)
        return
    things = list(read_things(session, review_id, kind, numbers))
    marked(session, review_id, kind, things)
    for thing in things:
        yield from _whole(kind, thing)


def _entry(kind: TextKind, thing: Thing, part: int, body: str, **more: Any) -> Entry:
    return {
        "kind": kind.value,
        "number": thing.number,
        "part": part,
        "start_at": None,
        "end_at": None,
        "title": "",
        "names": "",
        "body": body,
        "marks": " ".join(thing.marks),
        **more,
    }


def _whole(kind: TextKind, thing: Thing) -> Iterator[Entry]:
    """Yield a thing as one entry; a very long text as several, each with title and names."""
    found: dict[Place, list[str]] = {Place.TITLE: [], Place.NAMES: [], Place.TEXT: []}
    for text in thing.texts:
        here = found[text.place]
        if here:
            here.append(DIVIDER)
        here += words(text.text)
    title, names = " ".join(found[Place.TITLE]), " ".join(found[Place.NAMES])
    for part, some in enumerate(portions(found[Place.TEXT])):
        yield _entry(kind, thing, part, " ".join(some), title=title, names=names)


def _passages(thing: Thing) -> Iterator[Entry]:
    text = thing.texts[0].text
    for part, (start, end) in enumerate(passages(text)):
        body = " ".join(words(text[start:end]))
        yield _entry(TextKind.DOCUMENT, thing, part, body, start_at=start, end_at=end)
