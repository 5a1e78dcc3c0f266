"""The API of links between configurations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response, status

from app.access.identity import (
    Changing,
    Coding,
    IdPath,
    IfMatch,
    Reading,
    Theorising,
    require_version,
    tag,
)
from app.access.policy import require_change
from app.access.replay import Replayable, ReplayingRoute
from app.db import Page, SessionDep, paginate
from app.history.reading import load
from app.theory.evidence import read_evidence
from app.theory.link_models import ConfigurationLink, LinkVerdict
from app.theory.link_schemas import LinkCreate, LinkFilter, LinkRead, LinkUpdate
from app.theory.links import (
    add_link,
    change_link,
    delete_link,
    judge_link,
    read_link,
    read_links,
    retie_link_evidence,
    select_links,
    tie_link_evidence,
    untie_link_evidence,
)
from app.theory.programme_schemas import VerdictCreate, VerdictRead
from app.theory.schemas import EvidenceBody, EvidencePatch, EvidenceRead

router = APIRouter(
    prefix="/api/v1/reviews/{slug}/links",
    tags=["links"],
    dependencies=[Replayable],
    route_class=ReplayingRoute,
)


def get_own(number: IdPath, member: Changing, session: SessionDep) -> ConfigurationLink:
    """Return the link of the address, which the member must be allowed to change."""
    link = load(session, ConfigurationLink, member.review_id, number)
    require_change(member.role, member.user.id, link.created_by)
    return link


Own = Annotated[ConfigurationLink, Depends(get_own)]


def get_current(link: Own, if_match: IfMatch = None) -> ConfigurationLink:
    """Return the link of the address, provided `If-Match` names its version."""
    require_version(if_match, link.version)
    return link


Current = Annotated[ConfigurationLink, Depends(get_current)]


@router.get("")
def list_links(
    member: Reading, session: SessionDep, wish: Annotated[LinkFilter, Query()]
) -> Page[LinkRead]:
    """List links with their evidence, by number."""
    statement = select_links(member.review_id, wish)
    found = paginate(session, statement, ConfigurationLink.id, wish)
    return Page(items=read_links(session, found.items), next=found.next, total=found.total)


@router.post("", status_code=status.HTTP_201_CREATED)
def create_link(
    body: LinkCreate, member: Coding, session: SessionDep, response: Response
) -> LinkRead:
    """Assert a link, with evidence or a reason."""
    link = add_link(session, member, body)
    tag(response, link.version)
    return read_link(session, link)


@router.get("/{number}")
def get_link(number: IdPath, member: Reading, session: SessionDep, response: Response) -> LinkRead:
    """Read a link with its evidence."""
    link = load(session, ConfigurationLink, member.review_id, number)
    tag(response, link.version)
    return read_link(session, link)


@router.patch("/{number}")
def update_link(
    body: LinkUpdate, link: Current, session: SessionDep, response: Response
) -> LinkRead:
    """Change what a link says; its kind and ends stay."""
    change_link(session, link, body)
    tag(response, link.version)
    return read_link(session, link)


@router.delete("/{number}", status_code=status.HTTP_204_NO_CONTENT)
def remove_link(link: Current, session: SessionDep) -> None:
    """Remove a link with its evidence and verdicts; restorable from the history."""
    delete_link(session, link)


@router.post("/{number}/verdicts", response_model=VerdictRead, status_code=status.HTTP_201_CREATED)
def create_link_verdict(
    number: IdPath,
    body: VerdictCreate,
    member: Theorising,
    session: SessionDep,
    response: Response,
) -> LinkVerdict:
    """Judge a link; verdicts are added, never deleted, and the last one holds."""
    link = load(session, ConfigurationLink, member.review_id, number)
    verdict = judge_link(session, member, link, body)
    tag(response, link.version)
    return verdict


@router.post("/{number}/evidence", status_code=status.HTTP_201_CREATED)
def create_link_evidence(
    body: EvidenceBody, link: Own, member: Changing, session: SessionDep, response: Response
) -> EvidenceRead:
    """Tie a stored quote, a new one, or a page of a source to a link."""
    n = tie_link_evidence(session, member, link, body)
    tag(response, link.version)
    return read_evidence(session, link, n)


@router.patch("/{number}/evidence/{n}")
def update_link_evidence(
    n: IdPath, body: EvidencePatch, link: Current, session: SessionDep, response: Response
) -> EvidenceRead:
    """Change what a piece of evidence says."""
    retie_link_evidence(session, link, n, body)
    tag(response, link.version)
    return read_evidence(session, link, n)


@router.delete("/{number}/evidence/{n}", status_code=status.HTTP_204_NO_CONTENT)
def delete_link_evidence(n: IdPath, link: Current, session: SessionDep, response: Response) -> None:
    """Remove a piece of evidence; its quote stays."""
    untie_link_evidence(session, link, n)
    tag(response, link.version)
