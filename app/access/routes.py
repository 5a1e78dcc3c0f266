"""The API of users, tokens, browser sessions, reviews and members."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, status
from sqlalchemy.orm import Session

from app.access.identity import (
    AdminDep,
    ChangingSettings,
    Deleting,
    IdPath,
    IfMatch,
    ManagingMembers,
    Member,
    PrincipalDep,
    Reading,
    Restoring,
    SettingsDep,
    WholePrincipalDep,
    require_version,
    tag,
)
from app.access.models import ApiToken, MemberRole, Review, SignIn, UserAccount
from app.access.replay import Replayable, ReplayingRoute
from app.access.reviews import (
    add_review,
    change_review,
    delete_review,
    find_member,
    members_of,
    remove_member,
    restore_review,
    select_reviews,
    set_member,
)
from app.access.schemas import (
    MemberCreate,
    MemberRead,
    MemberUpdate,
    ReviewCreate,
    ReviewRead,
    ReviewUpdate,
    SignInRead,
    TokenCreate,
    TokenIssued,
    TokenRead,
    UserCreate,
    UserRead,
)
from app.access.service import (
    add_user,
    end_sign_in,
    find_user,
    issue_token,
    revoke_token,
    sign_ins_of,
    tokens_of,
)
from app.db import Page, PageWish, SessionDep, Slice, cut

# Never replayed, for a replay would have to store secrets; the class links pages.
people = APIRouter(prefix="/api/v1", tags=["people"], route_class=ReplayingRoute)
reviews = APIRouter(
    prefix="/api/v1", tags=["reviews"], dependencies=[Replayable], route_class=ReplayingRoute
)


@people.get("/me", response_model=UserRead)
def read_me(principal: PrincipalDep) -> UserAccount:
    """Say who the token or browser session belongs to."""
    return principal.user


@people.post("/users", response_model=UserRead, status_code=status.HTTP_201_CREATED)
def create_user(
    body: UserCreate, _admin: AdminDep, session: SessionDep, settings: SettingsDep
) -> UserAccount:
    """Make a user; for admins of the installation."""
    return add_user(session, body, settings)


@people.get("/tokens", response_model=Page[TokenRead])
def list_tokens(
    principal: WholePrincipalDep, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[ApiToken]:
    """List one's own tokens, newest first, without their secrets."""
    return cut(session, tokens_of(session, principal.user), wish)


@people.post("/tokens", response_model=TokenIssued, status_code=status.HTTP_201_CREATED)
def create_token(
    body: TokenCreate, principal: WholePrincipalDep, session: SessionDep
) -> dict[str, Any]:
    """Make a token; the answer is the only time its secret is shown."""
    token, secret = issue_token(session, principal.user, body)
    return {**TokenRead.model_validate(token).model_dump(), "token": secret}


@people.delete("/tokens/{token_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_token(token_id: IdPath, principal: WholePrincipalDep, session: SessionDep) -> None:
    """Revoke one of one's own tokens."""
    revoke_token(session, principal.user, token_id)


@people.get("/sign-ins", response_model=Page[SignInRead])
def list_sign_ins(
    principal: WholePrincipalDep, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[SignIn]:
    """List the browsers one is signed in with."""
    return cut(session, sign_ins_of(session, principal.user), wish)


@people.delete("/sign-ins/{sign_in_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_sign_in(sign_in_id: IdPath, principal: WholePrincipalDep, session: SessionDep) -> None:
    """Sign one of one's own browsers out."""
    end_sign_in(session, principal.user, sign_in_id)


@reviews.get("/reviews", response_model=Page[ReviewRead])
def list_reviews(
    principal: PrincipalDep, session: SessionDep, wish: Annotated[PageWish, Query()]
) -> Slice[Review]:
    """List the reviews one is a member of and the token opens, by title."""
    only = principal.token.review_id if principal.token else None
    found = select_reviews(principal.user.id, only).order_by(Review.title, Review.id)
    return cut(session, session.scalars(found).all(), wish)


@reviews.post("/reviews", response_model=ReviewRead, status_code=status.HTTP_201_CREATED)
def create_review(
    body: ReviewCreate, principal: WholePrincipalDep, session: SessionDep, response: Response
) -> Review:
    """Make a review and become its owner."""
    review = add_review(session, principal.user, body)
    tag(response, review.version)
    return review


@reviews.get("/reviews/{slug}", response_model=ReviewRead)
def read_review(member: Reading, response: Response) -> Review:
    """Read a review and its settings."""
    tag(response, member.review.version)
    return member.review


@reviews.patch("/reviews/{slug}", response_model=ReviewRead)
def update_review(
    body: ReviewUpdate,
    member: ChangingSettings,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> Review:
    """Change settings of a review."""
    require_version(if_match, member.review.version)
    review = change_review(session, member.review, body)
    tag(response, review.version)
    return review


@reviews.delete("/reviews/{slug}", status_code=status.HTTP_204_NO_CONTENT)
def remove_review(member: Deleting, session: SessionDep, if_match: IfMatch = None) -> None:
    """Hide a review from everybody until an owner restores it."""
    require_version(if_match, member.review.version)
    delete_review(session, member.review)


@reviews.post("/reviews/{slug}/restore", response_model=ReviewRead)
def undelete_review(member: Restoring, session: SessionDep, response: Response) -> Review:
    """Bring a deleted review back."""
    review = restore_review(session, member.review)
    tag(response, review.version)
    return review


@reviews.get("/reviews/{slug}/members", response_model=Page[MemberRead])
def list_members(
    member: Reading,
    session: SessionDep,
    response: Response,
    wish: Annotated[PageWish, Query()],
) -> Slice[Any]:
    """List who works in a review and as what; its ETag is the review's."""
    tag(response, member.review.version)
    return cut(session, members_of(session, member.review), wish)


@reviews.post(
    "/reviews/{slug}/members", response_model=MemberRead, status_code=status.HTTP_201_CREATED
)
def create_member(
    body: MemberCreate, member: ManagingMembers, session: SessionDep, response: Response
) -> dict[str, Any]:
    """Let a person in by the e-mail address they sign in with."""
    return _seat(session, member, find_user(session, body.email), body.role, response)


@reviews.put("/reviews/{slug}/members/{user_id}", response_model=MemberRead)
def update_member(
    user_id: IdPath,
    body: MemberUpdate,
    member: ManagingMembers,
    session: SessionDep,
    response: Response,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Give a member another role; `If-Match` is the review's version."""
    user = find_member(session, member.review, user_id)
    require_version(if_match, member.review.version)
    return _seat(session, member, user, body.role, response)


@reviews.delete("/reviews/{slug}/members/{user_id}", status_code=status.HTTP_204_NO_CONTENT)
def delete_member(
    user_id: IdPath, member: ManagingMembers, session: SessionDep, if_match: IfMatch = None
) -> None:
    """Take a person out, who keeps what they coded; `If-Match` is the review's version."""
    user = find_member(session, member.review, user_id)
    require_version(if_match, member.review.version)
    remove_member(session, member.review, user.id)


def _seat(
    session: Session, member: Member, user: UserAccount, role: MemberRole, response: Response
) -> dict[str, Any]:
    seat = set_member(session, member.review, user, role)
    tag(response, member.review.version)
    return {"user_id": user.id, "name": user.name, "role": seat.role}
