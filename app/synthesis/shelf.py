"""Reviews kept as columns between questions, as long as nothing in them changed.

Kept per engine, that is per database and process, and only for reading transactions: what one sees
there is one committed state, whose newest change-set tells whether it is the one that is kept. A
transaction that writes, or that stands inside another, always reads anew.
"""

from collections import OrderedDict
from datetime import datetime
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db import KEPT_BYTES, is_reading
from app.history.models import ChangeSet
from app.synthesis.columns import Columns, read_columns

Stamp = tuple[int, datetime]
"""Number and moment of a review's newest change-set; a number alone may come again."""


class Shelf:
    """The columns last asked for, by review; those unused longest go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[int, tuple[Stamp, Columns]] = OrderedDict()

    def find(self, review_id: int, stamp: Stamp) -> Columns | None:
        """Return what is kept of a review at a moment."""
        with self._lock:
            kept = self._kept.get(review_id)
            if kept is None or kept[0] != stamp:
                return None
            self._kept.move_to_end(review_id)
            return kept[1]

    def keep(self, review_id: int, stamp: Stamp, columns: Columns) -> None:
        """Keep a review unless it is larger than all that may be kept."""
        with self._lock:
            self._kept.pop(review_id, None)
            if columns.size > self._most:
                return
            self._kept[review_id] = (stamp, columns)
            while sum(kept.size for _, kept in self._kept.values()) > self._most:
                self._kept.popitem(last=False)


_shelves: WeakKeyDictionary[Engine, Shelf] = WeakKeyDictionary()
_making = Lock()


def columns_of(session: Session, review_id: int) -> Columns:
    """Return a review as columns, read now or kept from a question before."""
    bind = session.get_bind()
    if not (isinstance(bind, Engine) and is_reading(session)):
        return read_columns(session, review_id)
    newest = session.execute(
        select(ChangeSet.id, ChangeSet.at)
        .where(ChangeSet.review_id == review_id)
        .order_by(ChangeSet.id.desc())
        .limit(1)
    ).first()
    if newest is None:  # never changed through us, as in a database made by other means
        return read_columns(session, review_id)
    stamp = (newest[0], newest[1])
    shelf = _shelf(bind)
    columns = shelf.find(review_id, stamp)
    if columns is None:
        columns = read_columns(session, review_id)
        shelf.keep(review_id, stamp, columns)
    return columns


def _shelf(engine: Engine) -> Shelf:
    with _making:
        if engine not in _shelves:
            _shelves[engine] = Shelf(engine.get_execution_options().get(KEPT_BYTES, 0))
        return _shelves[engine]
