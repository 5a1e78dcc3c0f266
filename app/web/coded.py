"""What is coded in a document: its quotes in the order of the text, and what each is tied to."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.coding.models import Coding, Concept, Quote
from app.theory.models import Configuration, Evidence
from app.theory.vocabulary import Stance


@dataclass(slots=True)
class Coded:
    """A quote, the configurations it is evidence for, and the concepts it is tied to."""

    quote: Quote
    configurations: list[tuple[int, str, Stance]] = field(default_factory=list)
    """Number, title or nothing, and stance."""
    concepts: list[tuple[int, str]] = field(default_factory=list)


def coded_in(session: Session, review_id: int, document: int) -> list[Coded]:
    """Return what is coded in a document, in three queries; quotes not found come last."""
    found = {
        quote.id: Coded(quote)
        for quote in session.scalars(
            select(Quote)
            .where(Quote.review_id == review_id, Quote.document_id == document)
            .order_by(Quote.start_at.is_(None), Quote.start_at, Quote.id)
        )
    }
    for number, configuration, title, stance in _evidence(session, review_id, document):
        if number in found:
            found[number].configurations.append((configuration, title or "", stance))
    for quote, concept, label in session.execute(
        select(Coding.quote_id, Concept.id, Concept.label)
        .join(Concept, (Concept.review_id == Coding.review_id) & (Concept.id == Coding.concept_id))
        .join(Quote, (Quote.review_id == Coding.review_id) & (Quote.id == Coding.quote_id))
        .where(Coding.review_id == review_id, Quote.document_id == document)
        .order_by(Concept.label)
    ):
        found[quote].concepts.append((concept, label))
    return list(found.values())


def _evidence(
    session: Session, review_id: int, document: int
) -> Sequence[Row[int | None, int, str | None, Stance]]:
    return session.execute(
        select(Evidence.quote_id, Configuration.id, Configuration.title, Evidence.stance)
        .join(
            Configuration,
            (Configuration.review_id == Evidence.review_id)
            & (Configuration.id == Evidence.configuration_id),
        )
        .join(Quote, (Quote.review_id == Evidence.review_id) & (Quote.id == Evidence.quote_id))
        .where(Evidence.review_id == review_id, Quote.document_id == document)
        .distinct()
        .order_by(Configuration.id)
    ).all()
