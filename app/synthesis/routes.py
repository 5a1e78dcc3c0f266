"""The API of the questions: matrix, concept page, most frequent outcomes."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Response

from app.access.identity import IdPath, Reading, SettingsDep
from app.access.replay import ReplayingRoute
from app.db import NEXT_PAGE, Page, SessionDep, Slice, cut
from app.library.screening_queue import Screened
from app.synthesis.alike import Alike, AlikeWish, alike
from app.synthesis.chain_parts import Chains
from app.synthesis.chains import ChainWish, chains
from app.synthesis.check import CheckWish, Finding, fallen_out
from app.synthesis.concept_page import ConceptPage, concept_page
from app.synthesis.flow import flow
from app.synthesis.flow_parts import Flow
from app.synthesis.flow_sources import FlowWish, flow_sources
from app.synthesis.matrix import Matrix, MatrixWish, matrix
from app.synthesis.mechanisms import MechanismOutcomes, OutcomeWish, mechanism_outcomes
from app.synthesis.merge_preview import MergePreview, PreviewWish, merge_preview
from app.synthesis.suggestions import Suggestions, SuggestionWish, suggestions

router = APIRouter(prefix="/api/v1/reviews/{slug}", tags=["questions"], route_class=ReplayingRoute)


@router.get("/matrix", response_model=Matrix)
def read_matrix(
    member: Reading,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[MatrixWish, Query()],
) -> Response:
    """Ask which contexts produce which outcomes, through what; or any role against any role."""
    answer = matrix(session, member.review, wish, settings.link_base)
    return Response(orjson.dumps(answer), media_type="application/json")


@router.get("/chains", response_model=Chains)
def read_chains(
    member: Reading,
    session: SessionDep,
    settings: SettingsDep,
    wish: Annotated[ChainWish, Query()],
) -> Response:
    """Ask how the outcome of one configuration becomes the context of the next, step by step."""
    answer = chains(session, member.review, wish, settings.link_base)
    return Response(orjson.dumps(answer), media_type="application/json")


@router.get("/links/possible", response_model=Suggestions)
def list_possible_links(
    member: Reading, session: SessionDep, wish: Annotated[SuggestionWish, Query()]
) -> Response:
    """List links that are possible and that nobody asserted or refused yet."""
    answer = suggestions(session, member.review, wish)
    session.info[NEXT_PAGE] = answer.next
    return Response(orjson.dumps(answer), media_type="application/json")


@router.get("/concepts/alike")
def list_concepts_alike(
    member: Reading, session: SessionDep, wish: Annotated[AlikeWish, Query()]
) -> Page[Alike]:
    """List pairs of concepts that may be nearly the same, with what speaks for it."""
    return alike(session, member.review, wish)


@router.get("/concepts/{number}/merge")
def preview_merge(
    number: IdPath, member: Reading, session: SessionDep, wish: Annotated[PreviewWish, Query()]
) -> MergePreview:
    """Count what merging a concept into another would change; nothing is changed."""
    return merge_preview(session, member.review, number, wish)


@router.get("/concepts/{number}/page")
def read_concept_page(
    number: IdPath, member: Reading, session: SessionDep, settings: SettingsDep
) -> ConceptPage:
    """Read every role a concept plays, its wordings, definitions and neighbours."""
    return concept_page(session, member.review, number, settings.link_base)


@router.get("/mechanisms/outcomes", response_model=Page[MechanismOutcomes])
def list_mechanism_outcomes(
    member: Reading,
    session: SessionDep,
    wish: Annotated[OutcomeWish, Query()],
) -> Slice[MechanismOutcomes]:
    """List the most frequent outcomes of every mechanism."""
    return cut(session, mechanism_outcomes(session, member.review, wish), wish)


@router.get("/check", response_model=Page[Finding])
def list_fallen_out(
    member: Reading, session: SessionDep, wish: Annotated[CheckWish, Query()]
) -> Slice[Finding]:
    """List what falls out of the synthesis: orphans, incomplete, unverified, too long."""
    return cut(session, fallen_out(session, member.review, wish.check), wish)


@router.get("/flow", response_model=Flow)
def read_flow(member: Reading, session: SessionDep) -> Response:
    """Count the flow of records through the review, from searches to studies (PRISMA 2020)."""
    answer = flow(session, member.review)
    return Response(orjson.dumps(answer), media_type="application/json")


@router.get("/flow/sources")
def list_flow_sources(
    member: Reading, session: SessionDep, wish: Annotated[FlowWish, Query()]
) -> Page[Screened]:
    """List the sources behind a number of the flow, by number."""
    return flow_sources(session, member.review_id, wish)
