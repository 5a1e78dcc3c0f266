"""Back from a number of the flow to the sources behind it."""

from sqlalchemy.orm import Session

from app.db import Id, Page, PageWish
from app.library.screening_queue import Screened, page_of_sources, shown
from app.library.screening_standing import (
    End,
    Journey,
    Material,
    RecordOrigin,
    journeys,
    read_material,
)


class FlowWish(PageWish):
    """Which sources of the flow are wanted; all conditions must hold."""

    origin: RecordOrigin | None = None
    """The column of the diagram."""
    end: End | None = None
    """How far they have come."""
    stage_id: Id | None = None
    """That excluded them, or that they wait at."""
    entered: Id | None = None
    """A stage they came to, whatever it made of them."""
    reason_id: Id | None = None
    is_sought: bool | None = None
    is_retrieved: bool | None = None


def flow_sources(
    session: Session, review_id: int, wish: FlowWish, material: Material | None = None
) -> Page[Screened]:
    """Return one page of the sources behind a number of the flow, by number.

    Who has read the material of screening already hands it over.
    """
    material = material or read_material(session, review_id)
    if wish.origin is RecordOrigin.PREVIOUS:
        before = (n for n, origin in material.origins.items() if origin is RecordOrigin.PREVIOUS)
        numbers = sorted(before)
    else:
        found = journeys(material).items()
        numbers = [number for number, journey in found if _fits(material, journey, wish)]
    page = page_of_sources(session, review_id, numbers, wish)
    items = [Screened(**shown(source)) for source in page.items]
    return Page(items=items, next=page.next, total=page.total)


def _fits(material: Material, journey: Journey, wish: FlowWish) -> bool:
    last = journey.steps.get(journey.at or 0)
    pairs = (
        (wish.origin, material.origins[journey.source_id]),
        (wish.end, journey.end),
        (wish.stage_id, journey.at),
        (wish.reason_id, last.reason_id if last else None),
        (wish.is_sought, journey.is_sought),
        (wish.is_retrieved, journey.is_retrieved),
    )
    is_there = wish.entered is None or wish.entered in journey.steps
    return is_there and all(wanted in (None, is_) for wanted, is_ in pairs)
