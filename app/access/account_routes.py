"""The API of one's own account, and of the users for admins of the installation."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, status

from app.access.accounts import (
    change_me,
    change_password,
    change_user,
    find_person,
    make_link,
    select_users,
)
from app.access.attempts import Attempts
from app.access.identity import AdminDep, IdPath, SettingsDep, WholePrincipalDep
from app.access.models import UserAccount
from app.access.replay import ReplayingRoute
from app.access.schemas import MeUpdate, PasswordChange, SignInLink, UserRead, UserUpdate
from app.db import Page, PageWish, SessionDep, Slice, paginate

router = APIRouter(prefix="/api/v1", tags=["people"], route_class=ReplayingRoute)


@router.patch("/me", response_model=UserRead)
def update_me(body: MeUpdate, principal: WholePrincipalDep, session: SessionDep) -> UserAccount:
    """Change one's own name, or the e-mail address one signs in with."""
    return change_me(session, principal, body)


@router.put("/me/password", status_code=status.HTTP_204_NO_CONTENT)
def update_password(
    body: PasswordChange,
    request: Request,
    principal: WholePrincipalDep,
    session: SessionDep,
    settings: SettingsDep,
) -> None:
    """Give oneself a new password; every other browser is signed out."""
    attempts: Attempts = request.app.state.attempts
    attempts.take(request.client.host if request.client else "?", f"user {principal.user.id}")
    change_password(session, principal, body, settings)


@router.get("/users", response_model=Page[UserRead])
def list_users(
    _admin: AdminDep, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[UserAccount]:
    """List the users of the installation, in the order they were made."""
    return paginate(session, select_users(), UserAccount.id, wish)


@router.patch("/users/{user_id}", response_model=UserRead)
def update_user(
    user_id: IdPath, body: UserUpdate, admin: AdminDep, session: SessionDep
) -> UserAccount:
    """Let a user sign in or no longer, and make admins; what people did stays theirs."""
    return change_user(session, admin, find_person(session, user_id), body)


@router.post("/users/{user_id}/link", status_code=status.HTTP_201_CREATED)
def create_sign_in_link(
    user_id: IdPath,
    request: Request,
    _admin: AdminDep,
    session: SessionDep,
    settings: SettingsDep,
) -> SignInLink:
    """Make a one-time link that signs a user in, shown in this answer only."""
    base = settings.link_base or str(request.base_url).rstrip("/")
    return make_link(session, find_person(session, user_id), base)
