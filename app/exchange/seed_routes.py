"""The API of the reviews that travel with the code."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, status
from pydantic import AfterValidator

from app.access.identity import SettingsDep, WholePrincipalDep, tag
from app.access.models import Review
from app.access.replay import Replayable, ReplayingRoute
from app.access.schemas import ReviewRead
from app.db import Page, PageWish, SessionDep, Slice, cut
from app.exchange.seeds import SeedRead, load_seed, shipped_reviews
from app.values import is_sound

router = APIRouter(
    prefix="/api/v1/seeds",
    tags=["archives"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)
SeedPath = Annotated[str, Path(max_length=80), AfterValidator(is_sound)]


@router.get("", response_model=Page[SeedRead])
def list_seeds(
    _principal: WholePrincipalDep, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[SeedRead]:
    """List the reviews that are shipped."""
    return cut(session, shipped_reviews(), wish)


@router.post("/{name}", response_model=ReviewRead, status_code=status.HTTP_201_CREATED)
def create_from_seed(
    name: SeedPath,
    principal: WholePrincipalDep,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
) -> Review:
    """Let a shipped review in and own it; each time it is a review of its own."""
    review = load_seed(session, name, principal.user, settings)
    tag(response, review.version)
    return review
