"""What the pages of a review show beside the thing itself: counts, names, what is tied to what."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, func, literal, literal_column, or_, select, union_all
from sqlalchemy.orm import Session

from app.access.identity import Principal
from app.access.models import MemberRole, Membership, Review, UserAccount
from app.access.reviews import select_reviews
from app.coding.models import Coding, Concept, ConceptDefinition, Quote
from app.coding.tree import concept_tree
from app.db import Base
from app.library.field_values import fields_of
from app.library.models import Document, FieldSubject, Source
from app.theory.link_models import ConfigurationLink, LinkEvidence
from app.theory.models import Configuration, Element, Evidence
from app.theory.programme_models import Ground, Proposition, PropositionEvidence
from app.theory.vocabulary import MECHANISM_ROLES, Stance

COUNTED: tuple[tuple[str, type[Base]], ...] = (
    ("sources", Source),
    ("quotes", Quote),
    ("concepts", Concept),
    ("configurations", Configuration),
)


def reviews_of(session: Session, principal: Principal) -> Sequence[Row[Review, MemberRole]]:
    """Return the reviews one may see by title, each with one's role in it."""
    only = principal.token.review_id if principal.token else None
    mine = select_reviews(principal.user.id, only).add_columns(Membership.role)
    return session.execute(mine.order_by(Review.title, Review.id)).all()


def counts(session: Session, review_id: int) -> dict[str, int]:
    """Count what a review holds, in one query."""
    row = session.execute(select(*(_count(table, review_id) for _, table in COUNTED))).one()
    return {name: row[i] for i, (name, _) in enumerate(COUNTED)}


def counts_of(session: Session, reviews: Sequence[int]) -> dict[int, dict[str, int]]:
    """Count what several reviews hold, in one query for each kind of thing."""
    found: dict[int, dict[str, int]] = {review: {} for review in reviews}
    for name, table in COUNTED:
        counted: Any = table
        many = select(counted.review_id, func.count()).where(counted.review_id.in_(reviews))
        if table is Source:
            many = many.where(Source.merged_into_id.is_(None))
        for review, count in session.execute(many.group_by(counted.review_id)):
            found[review][name] = count
    return found


def _count(table: Any, review_id: int) -> Any:
    """Count the rows of a table; of sources those that stand for themselves."""
    counted = select(func.count()).select_from(table).where(table.review_id == review_id)
    if table is Source:
        counted = counted.where(Source.merged_into_id.is_(None))
    return counted.scalar_subquery()


def labels(session: Session, review_id: int, numbers: Iterable[int | None]) -> dict[int, str]:
    """Return the labels of some concepts by number."""
    wanted = sorted({number for number in numbers if number})
    rows = session.execute(
        select(Concept.id, Concept.label).where(
            Concept.review_id == review_id, Concept.id.in_(wanted)
        )
    )
    return {row[0]: row[1] for row in rows}


def mechanisms(session: Session, review_id: int) -> Sequence[Row[int, str]]:
    """Return number and label of every concept coded as a mechanism, resource or response."""
    used = select(Element.concept_id).where(
        Element.review_id == review_id, Element.role.in_(MECHANISM_ROLES)
    )
    return session.execute(
        select(Concept.id, Concept.label)
        .where(Concept.review_id == review_id, Concept.id.in_(used))
        .order_by(Concept.label, Concept.id)
    ).all()


def links_of(session: Session, review_id: int, configuration: int) -> Sequence[ConfigurationLink]:
    """Return the links from and to a configuration, in the order of their numbers."""
    return session.scalars(
        select(ConfigurationLink)
        .where(
            ConfigurationLink.review_id == review_id,
            or_(
                ConfigurationLink.from_id == configuration,
                ConfigurationLink.to_id == configuration,
            ),
        )
        .order_by(ConfigurationLink.id)
    ).all()


def sources_of(session: Session, review_id: int, numbers: Iterable[int]) -> dict[int, Source]:
    """Return some sources by number."""
    rows = session.scalars(
        select(Source).where(Source.review_id == review_id, Source.id.in_(sorted(set(numbers))))
    )
    return {source.id: source for source in rows}


def own_values(
    session: Session, review_id: int, subject: FieldSubject, values: Mapping[str, Any] | None
) -> list[tuple[str, str]]:
    """Return label and value of the review's own fields that are filled in, in their order."""
    if not values:
        return []
    known = fields_of(session, review_id, subject)
    names = [*(name for name in known if name in values), *(values.keys() - known.keys())]
    return [(known[name].label if name in known else name, _value(values[name])) for name in names]


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(value) if isinstance(value, list) else str(value)


def user_name(session: Session, user_id: int | None) -> str | None:
    """Return the name people see of who made something; never the e-mail address."""
    user = session.get(UserAccount, user_id) if user_id else None
    return user.name if user else None


def ties_of_quote(session: Session, review_id: int, quote: int) -> Sequence[Row[str, int, Stance]]:
    """Return what a quote is evidence of: C, L or T, its number, and the stance."""
    tables = (
        ("C", Evidence, Evidence.configuration_id),
        ("L", LinkEvidence, LinkEvidence.link_id),
        ("T", PropositionEvidence, PropositionEvidence.theory_id),
    )
    return session.execute(
        union_all(
            *(
                select(literal(kind), number, table.stance).where(
                    table.review_id == review_id, table.quote_id == quote
                )
                for kind, table, number in tables
            )
        ).order_by(literal_column("1"), literal_column("2"))
    ).all()


def grounds_of(
    session: Session, review_id: int, configuration: int
) -> Sequence[Row[int, int, Stance, str]]:
    """Return the propositions that stand on a configuration, or that it speaks against."""
    same = (
        Proposition.review_id == Ground.review_id,
        Proposition.theory_id == Ground.theory_id,
        Proposition.n == Ground.proposition_n,
    )
    return session.execute(
        select(Ground.theory_id, Ground.proposition_n, Ground.stance, Proposition.statement)
        .join(Proposition, and_(*same))
        .where(Ground.review_id == review_id, Ground.configuration_id == configuration)
        .order_by(Ground.theory_id, Ground.proposition_n)
    ).all()


def titles_of(session: Session, review_id: int, numbers: Iterable[int]) -> dict[int, str]:
    """Return what some configurations are called: their titles, else how their words begin."""
    rows = session.execute(
        select(Configuration.id, Configuration.title, Configuration.text_key).where(
            Configuration.review_id == review_id, Configuration.id.in_(sorted(set(numbers)))
        )
    )
    return {row[0]: row[1] or row[2].strip().capitalize() for row in rows}


def concepts_of_quote(session: Session, review_id: int, quote: int) -> Sequence[Row[int, str]]:
    """Return number and label of the concepts a quote is tied to, or gives a definition of."""
    tied = select(Coding.concept_id).where(Coding.review_id == review_id, Coding.quote_id == quote)
    defined = select(ConceptDefinition.concept_id).where(
        ConceptDefinition.review_id == review_id, ConceptDefinition.quote_id == quote
    )
    return session.execute(
        select(Concept.id, Concept.label)
        .where(Concept.review_id == review_id, or_(Concept.id.in_(tied), Concept.id.in_(defined)))
        .order_by(Concept.label, Concept.id)
    ).all()


def documents_of(session: Session, review_id: int, source: int) -> Sequence[Document]:
    """Return the documents of a source, without their text, newest last."""
    return session.scalars(
        select(Document)
        .where(Document.review_id == review_id, Document.source_id == source)
        .order_by(Document.id)
    ).all()


def configurations_of_source(session: Session, review_id: int, source: int) -> Sequence[int]:
    """Return the configurations that rest on a source, first or second hand."""
    return session.scalars(
        select(Evidence.configuration_id)
        .where(
            Evidence.review_id == review_id,
            or_(Evidence.source_id == source, Evidence.cited_source_id == source),
        )
        .distinct()
        .order_by(Evidence.configuration_id)
    ).all()


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the codebook: a surviving concept, and how deep it lies in the tree."""

    id: int
    label: str
    referent: str | None
    depth: int


def codebook(session: Session, review_id: int) -> list[Entry]:
    """Return the codebook along its tree, siblings by position and label."""
    tree = concept_tree(session, review_id)
    rows = session.execute(
        select(Concept.id, Concept.label, Concept.referent, Concept.position).where(
            Concept.review_id == review_id
        )
    ).all()
    known = {row.id: row for row in rows}

    def place(number: int) -> list[tuple[int, str, int]]:
        return [(known[n].position, known[n].label, n) for n in tree.path(number)]

    surviving = [number for number in known if tree.survivor(number) == number]
    return [
        Entry(number, known[number].label, known[number].referent, tree.depth(number))
        for number in sorted(surviving, key=place)
    ]
