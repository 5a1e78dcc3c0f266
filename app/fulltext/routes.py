"""The API of search."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.access.identity import Reading, SettingsDep
from app.access.replay import ReplayingRoute
from app.db import NEXT_PAGE, SessionDep
from app.fulltext.finding import find
from app.fulltext.schemas import FindWish, SearchAnswer

router = APIRouter(prefix="/api/v1/reviews/{slug}", tags=["search"], route_class=ReplayingRoute)


@router.get("/search")
def search_review(
    member: Reading, session: SessionDep, settings: SettingsDep, wish: Annotated[FindWish, Query()]
) -> SearchAnswer:
    """Search everything the review holds in words, best first, with what matched marked."""
    answer = find(session, member.review, wish, settings.link_base)
    session.info[NEXT_PAGE] = answer.next
    return answer
