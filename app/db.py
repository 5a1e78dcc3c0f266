"""The engine, the base of all tables, column types, numbering and keyset pages."""

import json
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Generic, TypeVar

import orjson
from fastapi import Depends, Request
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from sqlalchemy import (
    JSON,
    ColumnElement,
    DateTime,
    Dialect,
    Engine,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Select,
    String,
    TypeDecorator,
    create_engine,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    DeclarativeBase,
    InstrumentedAttribute,
    Mapped,
    Session,
    mapped_column,
    sessionmaker,
)

from app.config import Settings
from app.turns import PATIENCE, take_turn, turns
from app.values import is_not_blank, is_number, is_sound

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
WRITING = "retroduce_writing"
READING = "retroduce_reading"
KEPT_BYTES = "retroduce_kept_bytes"
MAX_NUMBER = 2**31 - 1
NEXT_PAGE = "retroduce_next_page"


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC with microseconds; SQLite stores it without a zone, readers get one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone, which means nothing elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC on every store."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Words = String().with_variant(String(collation="C"), "postgresql")
"""Text of any length, compared and sorted by code point on both stores."""

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Base of every table; `aggregate` names the kind and the column that numbers it."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Words,
        datetime: UtcDateTime(),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        list[str]: JSON(none_as_null=True),
        list[int]: JSON(none_as_null=True),
        StrEnum: Enum(
            StrEnum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }
    aggregate: ClassVar[tuple[str, str] | None] = None


ReviewKey = Annotated[
    int,
    mapped_column(
        ForeignKey("review.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
        doc="the review that owns the row; first in every key",
    ),
]
Number = Annotated[int, mapped_column(primary_key=True, autoincrement=False)]
FOLLOWS = "follows_from_others"
"""Marks, in the `info` of a table, what is made from other tables and never travels."""
UNTRACKED = {"history": False}
"""Marks bookkeeping columns that history neither records nor restores."""
Version = Annotated[
    int, mapped_column(default=1, info=UNTRACKED, doc="grows with every write; the ETag")
]
PartCounter = Annotated[
    int, mapped_column(default=0, info=UNTRACKED, doc="the last n given to a part")
]


def within_review(target: str, *columns: str) -> ForeignKeyConstraint:
    """Return a foreign key that cannot leave the review.

    `target` is `table` for its `id`, or `table.parent_id.n` for the key of a part.
    """
    table, *names = target.split(".")
    return ForeignKeyConstraint(
        ["review_id", *columns], [f"{table}.{name}" for name in ("review_id", *(names or ["id"]))]
    )


def now() -> datetime:
    """Return the application clock: UTC, microseconds."""
    return datetime.now(UTC)


CreatedAt = Annotated[datetime, mapped_column(default=now, doc="when it was first written, UTC")]


class Counter(Base):
    """The last number given, per review and kind; numbers of deleted things never come again."""

    __tablename__ = "counter"
    __table_args__ = ({"sqlite_with_rowid": False},)
    review_id: Mapped[ReviewKey]
    kind: Mapped[str] = mapped_column(
        String(16), primary_key=True, doc="S, Q, C, K, T … as people cite them"
    )
    value: Mapped[int] = mapped_column(doc="the last number given")


def take_numbers(session: Session, review_id: int, kind: str, count: int = 1) -> int:
    """Reserve `count` consecutive numbers of a kind and return the first.

    The caller holds the lock on the review's row, so nobody else counts meanwhile.
    """
    counter = (Counter.review_id == review_id, Counter.kind == kind)
    grown = session.execute(
        update(Counter)
        .where(*counter)
        .values(value=Counter.value + count)
        .returning(Counter.value)
        .execution_options(synchronize_session=False)
    ).scalar()
    if grown is None:
        session.execute(insert(Counter).values(review_id=review_id, kind=kind, value=count))
        return 1
    return grown - count + 1


def next_part(parent: Base, counter: str) -> int:
    """Give a part its `n` from a counter column of its parent; never given again, even undone."""
    n: int = getattr(parent, counter) + 1
    setattr(parent, counter, n)
    return n


def _as_json(value: object) -> str:
    """Write a JSON column; whole numbers beyond 64 bits and odd text are left to the slower way."""
    try:
        return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()
    except TypeError:
        return json.dumps(value)


def make_engine(settings: Settings) -> Engine:
    """Open the store named by the settings, with the pragmas every SQLite connection needs."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    options = {KEPT_BYTES: settings.kept_mib * 1024 * 1024}
    if settings.url.startswith("sqlite"):
        engine = create_engine(
            settings.url,
            hide_parameters=True,
            json_serializer=_as_json,
            connect_args={"check_same_thread": False},
            execution_options=options | turns(),
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        settings.url,
        hide_parameters=True,
        json_serializer=_as_json,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=20,
        execution_options=options,
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={PATIENCE * 1000}",
        "cache_size=-16384",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


Sessions = sessionmaker[Session]


def make_sessions(engine: Engine) -> Sessions:
    """Return what opens sessions; objects stay readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


def begin_writing(session: Session) -> Session:
    """Start the transaction as a writer: on SQLite in turn, and the write lock is taken at once."""
    take_turn(session)
    session.connection(execution_options={WRITING: True})
    return session


def begin_reading(session: Session) -> Session:
    """Start the transaction as a reader: all its questions see one state of the review.

    SQLite gives that by itself; PostgreSQL is asked for REPEATABLE READ.
    """
    bind = session.get_bind()
    if isinstance(bind, Engine):
        is_asked = bind.dialect.name == "postgresql"
        options = {"isolation_level": "REPEATABLE READ"} if is_asked else {}
        session.connection(execution_options=options)
    session.info[READING] = session.get_transaction()
    return session


def is_reading(session: Session) -> bool:
    """Say whether the transaction now was started by `begin_reading` and nothing else."""
    begun = session.info.get(READING)
    return begun is not None and begun is session.get_transaction()


def get_session(request: Request) -> Iterator[Session]:
    """Give a request its one transaction: committed before the answer, rolled back on error."""
    sessions: Sessions = request.app.state.sessions
    with sessions() as session:
        begin = begin_reading if request.method in SAFE_METHODS else begin_writing
        begin(session)
        request.state.session = session
        yield session
        session.commit()


SessionDep = Annotated[Session, Depends(get_session, scope="function")]


def search_key(text: str) -> str:
    """Fold text for search: case (Unicode caseless matching), NFKC, white space to single spaces.

    Both stores compare what this gives; their own LOWER and LIKE differ beyond ASCII.
    """
    if text.isascii():  # the same, sooner
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def holds(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """Return the condition that a column of search keys contains a text, taken literally."""
    return column.contains(search_key(text), autoescape=True)


Line = Annotated[str, StringConstraints(min_length=1, max_length=1_000), AfterValidator(is_sound)]
Prose = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(is_sound)]
Title = Annotated[Line, AfterValidator(is_not_blank)]
Passage = Annotated[Prose, Field(min_length=1), AfterValidator(is_not_blank)]
Int = Annotated[int, BeforeValidator(is_number), Field(ge=-MAX_NUMBER, le=MAX_NUMBER)]
Id = Annotated[int, BeforeValidator(is_number), Field(ge=1, le=MAX_NUMBER)]


class Schema(BaseModel):
    """Base of what goes in and out: unknown fields are refused, attributes can be read."""

    model_config = ConfigDict(extra="forbid", from_attributes=True, use_attribute_docstrings=True)


Item = TypeVar("Item")
Row = TypeVar("Row")


class Page(BaseModel, Generic[Item]):
    """One page of a list; `next` is what to send as `after`, or null at the end."""

    model_config = ConfigDict(from_attributes=True)
    items: list[Item]
    next: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Slice(Generic[Row]):
    """The rows behind a `Page`."""

    items: list[Row]
    next: int | None
    total: int | None


class PageWish(Schema):
    """Which page is wanted: `limit` items after the number `after`; `count` adds the total."""

    limit: int = Field(default=50, ge=1, le=500)
    after: int = Field(default=0, ge=0, le=MAX_NUMBER)
    count: bool = False


def cut(session: Session, rows: Sequence[Row], wish: PageWish) -> Slice[Row]:
    """Cut a page out of a list that is made whole each time; `after` counts what was read."""
    end = wish.after + wish.limit
    following = end if len(rows) > end else None
    session.info[NEXT_PAGE] = following
    return Slice(
        items=list(rows[wish.after : end]),
        next=following,
        total=len(rows) if wish.count else None,
    )


def count_rows(session: Session, statement: Select[Any]) -> int:
    """Count what a select would return."""
    rows = statement.order_by(None).subquery()
    return session.execute(select(func.count()).select_from(rows)).scalar_one()


def paginate(
    session: Session, statement: Select[Row], key: InstrumentedAttribute[int], wish: PageWish
) -> Slice[Row]:
    """Run a keyset page over a select, in the order of `key`, one row ahead to know the end."""
    page = statement.where(key > wish.after).order_by(key).limit(wish.limit + 1)
    rows = list(session.scalars(page))
    items = rows[: wish.limit]
    more = len(rows) > wish.limit
    following = getattr(items[-1], key.key) if more else None
    session.info[NEXT_PAGE] = following
    return Slice(
        items=items,
        next=following,
        total=count_rows(session, statement) if wish.count else None,
    )
