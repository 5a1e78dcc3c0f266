"""The list of configurations: any filter, keyset pages, bytes written without detours."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from app.access.identity import Reading
from app.access.replay import ReplayingRoute
from app.db import Page, SessionDep
from app.theory.listing import ConfigurationWish, configuration_page
from app.theory.schemas import ConfigurationSummary

router = APIRouter(
    prefix="/api/v1/reviews/{slug}", tags=["configurations"], route_class=ReplayingRoute
)


@router.get("/configurations", response_model=Page[ConfigurationSummary])
def list_configurations(
    member: Reading, session: SessionDep, wish: Annotated[ConfigurationWish, Query()]
) -> Response:
    """List configurations in the order of their numbers, with elements and counted evidence."""
    page = configuration_page(session, member.review_id, wish)
    return Response(orjson.dumps(page), media_type="application/json")
