"""Writers of one process on one SQLite file stand in line, so that none waits by chance.

SQLite lets in whoever asks in the right moment, and others wait long. Whoever stands in line holds
no connection yet.
"""

from threading import Lock

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, SessionTransaction

from app.errors import BusyError

TURN = "retroduce_turn"
PATIENCE = 15
"""Seconds a writer waits for others."""


def turns() -> dict[str, Lock]:
    """Return the option of an engine whose writers are to stand in line."""
    return {TURN: Lock()}


def take_turn(session: Session) -> None:
    """Wait until no other writes, till the transaction ends; `BusyError` when that takes long."""
    bind = session.get_bind()
    turn = bind.get_execution_options().get(TURN) if isinstance(bind, Engine) else None
    if turn is None or TURN in session.info:
        return
    if not turn.acquire(timeout=PATIENCE):
        raise BusyError("Others are writing for long; try again shortly. Nothing was changed.")
    session.info[TURN] = turn


def _give_turn(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None and (turn := session.info.pop(TURN, None)):
        turn.release()


event.listen(Session, "after_transaction_end", _give_turn)
