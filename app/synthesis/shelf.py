"""What was read of whole reviews, kept between questions as long as nothing in them changed.

Kept per engine, that is per database and process, and only for reading transactions: what one sees
there is one committed state, whose newest change-set tells whether it is the one that is kept. A
transaction that writes, or that stands inside another, always reads anew.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import Protocol, TypeVar, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db import KEPT_BYTES, is_reading
from app.history.models import ChangeSet


class Kept(Protocol):
    """What can be kept: nothing in it is ever changed."""

    @property
    def size(self) -> int:
        """About how many bytes it takes."""


T = TypeVar("T", bound=Kept)
Stamp = tuple[int, datetime]
"""Number and moment of a review's newest change-set; a number alone may come again."""


class Shelf:
    """What was last asked for; what is unused longest goes first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[Stamp, Kept]] = OrderedDict()

    def find(self, key: Hashable, stamp: Stamp) -> Kept | None:
        """Return what is kept under a key of a moment."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept[0] != stamp:
                return None
            self._kept.move_to_end(key)
            return kept[1]

    def keep(self, key: Hashable, stamp: Stamp, thing: Kept) -> None:
        """Keep something unless it is larger than all that may be kept."""
        with self._lock:
            self._kept.pop(key, None)
            if thing.size > self._most:
                return
            self._kept[key] = (stamp, thing)
            while sum(kept.size for _, kept in self._kept.values()) > self._most:
                self._kept.popitem(last=False)


_shelves: WeakKeyDictionary[Engine, Shelf] = WeakKeyDictionary()
_making = Lock()


def read_once(session: Session, review_id: int, read: Callable[[Session, int], T]) -> T:
    """Return what `read` makes of a review, read now or kept from a question before."""
    bind = session.get_bind()
    if not (isinstance(bind, Engine) and is_reading(session)):
        return read(session, review_id)
    newest = session.execute(
        select(ChangeSet.id, ChangeSet.at)
        .where(ChangeSet.review_id == review_id)
        .order_by(ChangeSet.id.desc())
        .limit(1)
    ).first()
    if newest is None:  # never changed through us, as in a database made by other means
        return read(session, review_id)
    stamp, key, shelf = (newest[0], newest[1]), (read, review_id), _shelf(bind)
    kept = shelf.find(key, stamp)
    if kept is not None:
        return cast("T", kept)
    made = read(session, review_id)
    shelf.keep(key, stamp, made)
    return made


def _shelf(engine: Engine) -> Shelf:
    with _making:
        if engine not in _shelves:
            _shelves[engine] = Shelf(engine.get_execution_options().get(KEPT_BYTES, 0))
        return _shelves[engine]
