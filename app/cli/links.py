"""Possible links from a terminal: accepting one, and refusing it for good."""

import re
from typing import Annotated, Any

import typer

from app.access.policy import Right
from app.cli.terminal import As, OneReview, find_member, only_review, open_store, out
from app.errors import InvalidError
from app.theory.link_schemas import LinkCreate
from app.theory.links import add_link
from app.theory.refusals import RefusalCreate, add_refusal
from app.theory.schemas import EvidenceBody
from app.theory.vocabulary import LinkKind

links_app = typer.Typer(help="Possible links: accept or refuse them.", no_args_is_help=True)
PLACE = re.compile(r"C?([1-9]\d{0,8})\.([1-9]\d{0,8})")
From = Annotated[str, typer.Argument(metavar="FROM", help="an outcome, as listed: C4.2")]
To = Annotated[str, typer.Argument(metavar="TO", help="what it becomes, as listed: C37.1")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(links_app, name="links")


@links_app.command("accept")
def accept(
    start: From,
    end: To,
    *,
    reason: Annotated[str | None, typer.Option(help="why the one leads to the other")] = None,
    quotes: Annotated[
        list[int] | None, typer.Option("--quote", help="number of a quote that says so")
    ] = None,
    review: OneReview = None,
    who: As = None,
) -> None:
    """Accept a possible link, with a reason, quotes or both; it stays known for a suggestion."""
    wish = LinkCreate(
        kind=LinkKind.FEEDS,
        was_suggested=True,
        reason=reason,
        evidence=[EvidenceBody(quote_id=number) for number in quotes or ()],
        **_ends(start, end),
    )
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        link = add_link(session, find_member(session, user, slug, Right.CODE, writing=True), wish)
    out.print(f"L{link.id}: C{link.from_id} feeds C{link.to_id}, an accepted suggestion.")


@links_app.command("refuse")
def refuse(
    start: From,
    end: To,
    *,
    reason: Annotated[str, typer.Option(help="why it does not")],
    review: OneReview = None,
    who: As = None,
) -> None:
    """Refuse a possible link for good: it is offered no more."""
    wish = RefusalCreate(reason=reason, **_ends(start, end))
    with open_store(writing=True, who=who) as (session, user):
        slug = review or only_review(session, user)
        add_refusal(session, find_member(session, user, slug, Right.CODE, writing=True), wish)
    out.print(f"{start} to {end} is offered no more.")


def _ends(start: str, end: str) -> dict[str, Any]:
    """Return the ends as the API names them."""
    (from_id, from_n), (to_id, to_n) = _place(start), _place(end)
    return {"from_id": from_id, "from_element_n": from_n, "to_id": to_id, "to_element_n": to_n}


def _place(text: str) -> tuple[int, int]:
    found = PLACE.fullmatch(text)
    if not found:
        raise InvalidError(f"{text}: write configuration and element as they are listed, C4.2.")
    return int(found[1]), int(found[2])
