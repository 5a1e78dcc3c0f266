"""Idempotency-Key: a POST sent twice is carried out once and answered the same for a day."""

import hashlib
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.routing import APIRoute
from sqlalchemy import delete, select

from app.access.identity import PrincipalDep, find_membership
from app.access.models import KeyedRequest
from app.db import NEXT_PAGE, SessionDep, now
from app.errors import KeyReusedError

KEPT = timedelta(hours=24)
REPLAYED_HEADERS = ("content-type", "etag", "location")


class ReplayedError(Exception):
    """Carries the first answer past the route, which must not run again."""

    def __init__(self, response: Response) -> None:
        super().__init__("already answered")
        self.response = response


async def request_hash(request: Request) -> str:
    """Return the sha256 of method, address and body: the same request gives the same."""
    digest = hashlib.sha256(f"{request.method} {request.url}".encode())
    digest.update(await request.body())
    return digest.hexdigest()


def claim_key(
    request: Request,
    digest: Annotated[str, Depends(request_hash)],  # first: nobody waits for a slow body
    session: SessionDep,
    principal: PrincipalDep,
    idempotency_key: Annotated[
        str | None, Header(min_length=1, max_length=255, description="makes a retry safe")
    ] = None,
) -> None:
    """Claim the key in the transaction of the write itself: both happen, or neither does."""
    if idempotency_key is None or request.method != "POST":
        return
    slug = request.path_params.get("slug")
    if slug is not None:  # whoever may not see the review now may not see its old answers either
        find_membership(session, principal, slug, writing=True)
    session.execute(delete(KeyedRequest).where(KeyedRequest.created_at < now() - KEPT))
    found = session.scalar(
        select(KeyedRequest).where(
            KeyedRequest.user_id == principal.user.id, KeyedRequest.key == idempotency_key
        )
    )
    if found is None:
        claim = KeyedRequest(user_id=principal.user.id, key=idempotency_key, request_hash=digest)
        session.add(claim)
        session.flush()
        request.state.claim = claim
        return
    if found.request_hash != digest:
        raise KeyReusedError(
            "This Idempotency-Key came with another request before; use a new one."
        )
    headers = {**(found.headers or {}), "Idempotency-Replayed": "true"}
    raise ReplayedError(Response(found.body, found.status or 200, headers))


class ReplayingRoute(APIRoute):
    """A route of the API: it keeps its answer beside the claimed key and links the next page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler; it still runs inside the request's transaction."""
        handle = super().get_route_handler()

        async def handle_once(request: Request) -> Response:
            try:
                response = await handle(request)
            except ReplayedError as replayed:
                return replayed.response
            claim: KeyedRequest | None = getattr(request.state, "claim", None)
            if claim is not None:
                claim.status = response.status_code
                claim.body = bytes(response.body).decode()
                claim.headers = {
                    name: response.headers[name]
                    for name in REPLAYED_HEADERS
                    if name in response.headers
                }
            following = request.state.session.info.get(NEXT_PAGE)
            if following is not None:
                url = request.url.include_query_params(after=following)
                response.headers["Link"] = f'<{url}>; rel="next"'
            return response

        return handle_once


Replayable = Depends(claim_key)
