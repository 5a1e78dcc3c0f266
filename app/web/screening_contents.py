"""What the pages of screening show: the record on the desk, and what is still to be had."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.db import PageWish, Slice
from app.history.reading import load
from app.library.models import Document, Source
from app.library.screening import select_decisions
from app.library.screening_models import Decision, Stage
from app.library.screening_queue import page_of_sources, queue
from app.library.screening_schemas import DecisionFilter
from app.library.screening_standing import End, journeys, read_material


@dataclass(frozen=True, slots=True)
class Desk:
    """One record at a stage, as one screener sees it."""

    source: Source | None
    """Null when nothing is left, or nothing behind those put off."""
    left: int
    """Records one still has to decide of, those put off included."""
    is_retrieved: bool = False
    mine: Decision | None = None
    """What one decided of this very record before."""
    last: Decision | None = None
    """What one decided just now."""
    last_title: str = ""
    document: int | None = None


def desk(
    session: Session,
    member: Member,
    stage: Stage,
    after: int,
    wanted: int | None,
    last: int | None,
) -> Desk:
    """Put a record on the desk: the one wanted, else the next of the queue after a number."""
    page = queue(session, member, stage, PageWish(after=after, limit=1, count=True))
    total = page.total or 0
    number = wanted or (page.items[0].id if page.items else None)
    made = session.get(Decision, (member.review_id, last)) if last else None
    made = made if made and made.screener_id == member.user.id else None
    before = session.get(Source, (member.review_id, made.source_id)) if made else None
    source = load(session, Source, member.review_id, number) if number else None
    return Desk(
        source,
        total,
        is_retrieved=bool(page.items) and page.items[0].is_retrieved and not wanted,
        mine=_own(session, member, stage, wanted) if wanted else None,
        last=made,
        last_title=before.title if before else "",
        document=_text_of(session, member.review_id, source.id) if source else None,
    )


def _own(session: Session, member: Member, stage: Stage, source: int) -> Decision | None:
    wish = DecisionFilter(
        stage_id=stage.id, source_id=source, screener_id=member.user.id, is_final=False
    )
    return session.scalar(select_decisions(member.review_id, member.user.id, wish))


def _text_of(session: Session, review_id: int, source: int) -> int | None:
    here = (Document.review_id == review_id, Document.source_id == source)
    return session.scalar(select(Document.id).where(*here).order_by(Document.id.desc()).limit(1))


def waiting_for_retrieval(session: Session, review_id: int, wish: PageWish) -> Slice[Source]:
    """Return one page of the sources whose full text is sought and not had, with their number."""
    found = [
        number
        for number, journey in journeys(read_material(session, review_id)).items()
        if journey.end is End.AWAITING_RETRIEVAL
    ]
    return page_of_sources(session, review_id, found, wish.model_copy(update={"count": True}))
