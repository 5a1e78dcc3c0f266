"""The API of saved views. It stands here because it names questions of every package."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Path, Query, Request, Response, status
from fastapi.responses import RedirectResponse
from pydantic import AfterValidator

from app.access.identity import (
    Changing,
    Coding,
    IfMatch,
    Reading,
    SettingsDep,
    require_version,
    tag,
)
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, SessionDep, paginate
from app.export.questions import QUESTIONS
from app.theory.view_models import SavedView
from app.theory.view_schemas import ViewCreate, ViewFilter, ViewRead, ViewUpdate
from app.theory.views import add_view, change_view, delete_view, find_view, read_view, select_views
from app.values import is_sound

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/views",
    tags=["saved views"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)
ViewPath = Annotated[str, Path(max_length=80), AfterValidator(is_sound)]


def get_current(
    view: ViewPath, member: Changing, session: SessionDep, if_match: IfMatch = None
) -> SavedView:
    """Return the view of the address, to be changed, provided `If-Match` names its version."""
    found = find_view(session, member.review_id, view)
    require_change(member.role, member.user.id, found.created_by)
    require_version(if_match, found.version)
    return found


Current = Annotated[SavedView, Depends(get_current)]


@router.get("")
def list_views(
    member: Reading,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[ViewFilter, Query()],
) -> Page[ViewRead]:
    """List the saved views, in the order they were made."""
    found = paginate(session, select_views(member.review_id, wish), SavedView.id, wish)
    base, slug = settings.link_base, member.review.slug
    items = [read_view(view, QUESTIONS, base, slug) for view in found.items]
    return Page(items=items, next=found.next, total=found.total)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_view(
    body: ViewCreate,
    member: Coding,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
) -> ViewRead:
    """Keep a question under a name; its parameters are checked as the question itself would."""
    view = add_view(session, member, body, QUESTIONS)
    tag(response, view.version)
    return read_view(view, QUESTIONS, settings.link_base, member.review.slug)


@router.get("/{view}")
def get_view(
    view: ViewPath,
    member: Reading,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
) -> ViewRead:
    """Read a saved view."""
    found = find_view(session, member.review_id, view)
    tag(response, found.version)
    return read_view(found, QUESTIONS, settings.link_base, member.review.slug)


@router.get(
    "/{view}/answer",
    status_code=status.HTTP_307_TEMPORARY_REDIRECT,
    response_class=RedirectResponse,
)
def answer_view(
    view: ViewPath, request: Request, member: Reading, session: SessionDep
) -> RedirectResponse:
    """Lead to the question of a view with its parameters; those of this address go before."""
    found = find_view(session, member.review_id, view)
    url = read_view(found, QUESTIONS, "", member.review.slug).url
    path, _, kept = url.partition("?")
    more = request.query_params.multi_items()
    named = {name for name, _ in more}
    pairs = [pair for pair in parse_qsl(kept) if pair[0] not in named] + more
    return RedirectResponse(f"{path}?{urlencode(pairs, safe=':*')}" if pairs else path)


@router.patch("/{view}")
def update_view(
    body: ViewUpdate,
    found: Current,
    member: Changing,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
) -> ViewRead:
    """Change title, description or parameters of a view; its name and kind stay."""
    change_view(session, found, body, QUESTIONS)
    tag(response, found.version)
    return read_view(found, QUESTIONS, settings.link_base, member.review.slug)


@router.delete("/{view}", status_code=status.HTTP_204_NO_CONTENT)
def remove_view(found: Current, session: SessionDep) -> None:
    """Delete a view; restorable from the history."""
    delete_view(session, found)
