"""Links between configurations: asserting, changing, reading and removing them."""

from collections.abc import Sequence

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.access.identity import Member
from app.coding.models import Concept
from app.db import next_part, take_numbers
from app.errors import ConflictError, FieldProblem, TakenError
from app.history.recording import delete_many
from app.history.references import require_unused
from app.theory.evidence import (
    Tie,
    add_evidence,
    change_evidence,
    evidence_of,
    remove_evidence,
)
from app.theory.link_models import ConfigurationLink, LinkEvidence, LinkVerdict
from app.theory.link_schemas import LinkCreate, LinkFilter, LinkRead, LinkUpdate
from app.theory.models import Configuration, Element
from app.theory.possible import require_possible
from app.theory.programme_schemas import VerdictCreate, VerdictRead
from app.theory.references import References, assign, refuse
from app.theory.schemas import EvidenceBody, EvidencePatch
from app.theory.vocabulary import MECHANISM_ROLES, LinkKind, Role, Verdict

FED = (Role.CONTEXT, *MECHANISM_ROLES)
"""What an outcome can become in the next configuration of a ripple."""

SAID_ONCE = (
    *("kind", "from_id", "to_id", "to_link_id", "from_element_n", "to_element_n"),
    *("effect", "moderator", "moderator_id"),
)
"""What two links must differ in: one pair may contradict each other by several moderators."""

MODERATED = (LinkKind.CONTRADICTS, LinkKind.MODERATES)


def select_links(review_id: int, wish: LinkFilter) -> Select[ConfigurationLink]:
    """Select the links of a review that fit; the caller orders and pages them."""
    statement = select(ConfigurationLink).where(ConfigurationLink.review_id == review_id)
    if wish.was_suggested is not None:
        statement = statement.where(ConfigurationLink.was_suggested == wish.was_suggested)
    if wish.kind:
        statement = statement.where(ConfigurationLink.kind == wish.kind)
    if wish.configuration_id:
        number = wish.configuration_id
        ends = or_(ConfigurationLink.from_id == number, ConfigurationLink.to_id == number)
        statement = statement.where(ends)
    return statement


def read_links(session: Session, links: Sequence[ConfigurationLink]) -> list[LinkRead]:
    """Read links of one review with their evidence, in the order given."""
    if not links:
        return []
    review_id, numbers = links[0].review_id, [link.id for link in links]
    evidence = evidence_of(session, LinkEvidence, review_id, numbers)
    reads = {link.id: LinkRead.model_validate(link) for link in links}
    for read in reads.values():
        read.evidence = evidence.get((read.id,), [])
    for verdict in session.scalars(
        select(LinkVerdict)
        .where(LinkVerdict.review_id == review_id, LinkVerdict.link_id.in_(numbers))
        .order_by(LinkVerdict.link_id, LinkVerdict.decided_on, LinkVerdict.n)
    ):
        reads[verdict.link_id].verdicts.append(VerdictRead.model_validate(verdict))
    return list(reads.values())


def refuted_links(review_id: int) -> Select[int]:
    """Select the links whose last verdict, by its day and then its number, is that of refuted."""
    last = aliased(LinkVerdict)
    is_later = or_(
        last.decided_on > LinkVerdict.decided_on,
        and_(last.decided_on == LinkVerdict.decided_on, last.n > LinkVerdict.n),
    )
    same = (last.review_id == LinkVerdict.review_id, last.link_id == LinkVerdict.link_id)
    return select(LinkVerdict.link_id).where(
        LinkVerdict.review_id == review_id,
        LinkVerdict.verdict == Verdict.REFUTED,
        ~exists().where(*same, is_later),
    )


def read_link(session: Session, link: ConfigurationLink) -> LinkRead:
    """Read one link with its evidence."""
    return read_links(session, [link])[0]


def add_link(session: Session, member: Member, wish: LinkCreate) -> ConfigurationLink:
    """Assert a link; 422 names an end, element or moderator that is not there or does not fit.

    An accepted suggestion must be possible now, neither refused nor linked already (409); nor may
    any link say again what another of the same kind says of the same ends and elements.
    A link leads only to links that are there already and its ends stay, so that links moderating
    links never run in a circle.
    """
    references = References(session, member.review_id)
    references.add(Configuration, wish.from_id, "from_id")
    references.add(Configuration, wish.to_id, "to_id")
    references.add(ConfigurationLink, wish.to_link_id, "to_link_id")
    references.add(Concept, wish.moderator_id, "moderator_id")
    references.check()
    link = ConfigurationLink(
        review_id=member.review_id,
        id=take_numbers(session, member.review_id, "L"),
        **wish.model_dump(exclude={"evidence"}),
        last_evidence=0,
        last_verdict=0,
        created_by=member.user.id,
        version=1,
    )
    refuse(_problems(session, link))
    if link.was_suggested:
        require_possible(session, link)
    _require_new(session, link)
    session.add(link)
    session.flush()
    ties = [Tie(link, f"evidence.{i}.", body) for i, body in enumerate(wish.evidence)]
    add_evidence(session, member, ties)
    session.flush()
    return link


def _require_new(session: Session, link: ConfigurationLink) -> None:
    """Raise `TakenError` (409) naming the link that says the same already."""
    same = session.scalar(
        select(func.min(ConfigurationLink.id)).where(
            ConfigurationLink.review_id == link.review_id,
            *(getattr(ConfigurationLink, name) == getattr(link, name) for name in SAID_ONCE),
        )
    )
    if same is not None:
        whither = f"C{link.to_id}" if link.to_id else f"L{link.to_link_id}"
        raise TakenError(
            f"L{same} says already that C{link.from_id} {link.kind.replace('_', ' ')} {whither}; "
            "change it, or tie more evidence to it.",
            extra={"link": same},
        )


def change_link(session: Session, link: ConfigurationLink, wish: LinkUpdate) -> ConfigurationLink:
    """Change what a link says; its kind and ends stay: another link is asserted for those."""
    values = wish.model_dump(exclude_unset=True)
    references = References(session, link.review_id)
    references.add(Concept, values.get("moderator_id"), "moderator_id")
    references.check()
    with session.no_autoflush:
        assign(link, values)
        refuse(_problems(session, link))
    session.flush()
    return _checked(session, link)


def delete_link(session: Session, link: ConfigurationLink) -> None:
    """Remove a link with its evidence and verdicts; 409 names the links that moderate it."""
    require_unused(session, link)
    for part in (LinkEvidence, LinkVerdict):
        owned = (part.review_id == link.review_id, part.link_id == link.id)
        delete_many(session, part, owned)
    session.delete(link)
    session.flush()


def judge_link(
    session: Session, member: Member, link: ConfigurationLink, wish: VerdictCreate
) -> LinkVerdict:
    """Give a verdict on a link; earlier ones stay."""
    verdict = LinkVerdict(
        review_id=link.review_id,
        link_id=link.id,
        n=next_part(link, "last_verdict"),
        **wish.model_dump(),
        created_by=member.user.id,
    )
    session.add(verdict)
    link.version += 1
    session.flush()
    return verdict


def tie_link_evidence(
    session: Session, member: Member, link: ConfigurationLink, body: EvidenceBody
) -> int:
    """Add evidence to a link and return its n."""
    [n] = add_evidence(session, member, [Tie(link, "", body)])
    _checked(session, link)
    return n


def retie_link_evidence(
    session: Session, link: ConfigurationLink, n: int, wish: EvidencePatch
) -> None:
    """Change what a piece of evidence for a link says."""
    change_evidence(session, link, n, wish)
    _checked(session, link)


def untie_link_evidence(session: Session, link: ConfigurationLink, n: int) -> None:
    """Remove evidence of a link; 409 for the last piece of a link without a reason."""
    remove_evidence(session, link, n)
    _checked(session, link)


def _checked(session: Session, link: ConfigurationLink) -> ConfigurationLink:
    """Raise the version, unless the link was left without reason and evidence."""
    if not link.reason and not _has_evidence(session, link):
        raise ConflictError(
            f"L{link.id} would be left with neither a reason nor evidence; give it one first."
        )
    link.version += 1
    session.flush()
    return link


def _has_evidence(session: Session, link: ConfigurationLink) -> bool:
    found = session.scalar(
        select(LinkEvidence.n)
        .where(LinkEvidence.review_id == link.review_id, LinkEvidence.link_id == link.id)
        .limit(1)
    )
    return found is not None


def _problems(session: Session, link: ConfigurationLink) -> list[FieldProblem]:
    problems = []
    if link.effect and link.kind is not LinkKind.MODERATES:
        message = "only a link of kind moderates has an effect; leave it out"
        problems.append(FieldProblem("effect", message))
    for name in ("moderator", "moderator_id"):
        if getattr(link, name) and link.kind not in MODERATED:
            message = "a moderator belongs to a link that contradicts or moderates; leave it out"
            problems.append(FieldProblem(name, message))
    starts = (link.from_id, link.from_element_n, (Role.OUTCOME,))
    ends = (link.to_id, link.to_element_n, FED)
    for name, (number, n, roles) in {"from_element_n": starts, "to_element_n": ends}.items():
        message = _unfit(session, link, number, n, roles)
        problems += [FieldProblem(name, message)] if message else []
    return problems


def _unfit(
    session: Session,
    link: ConfigurationLink,
    number: int | None,
    n: int | None,
    roles: Sequence[Role],
) -> str:
    if n is None:
        return ""
    if number is None:
        return "a link that leads to a link leads to no element; leave it out"
    element = session.get(Element, (link.review_id, number, n))
    if element is None:
        return f"there is no element {n} in C{number}"
    if link.kind is LinkKind.FEEDS and element.role not in roles:
        is_what = f"element {n} of C{number} is {element.role.value}"
        return f"{is_what}; an outcome feeds the context or mechanism of the next"
    return ""
