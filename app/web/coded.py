"""What is coded in a document: its quotes in the order of the text, and what each is tied to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.coding.anchoring import Verification
from app.coding.models import Coding, Concept, Quote
from app.theory.models import Configuration, Evidence, EvidenceElement
from app.theory.programme_models import Proposition, PropositionEvidence
from app.theory.vocabulary import Basis, Stance
from app.web.reading import Mark

SURE = (Verification.EXACT, Verification.NORMALISED)


@dataclass(slots=True)
class Tied:
    """A piece of evidence as it shows beside a text: for which configuration, how, about what."""

    configuration: int
    n: int
    title: str
    stance: Stance
    basis: Basis | None
    is_inferred: bool
    version: int
    author: int | None
    """Who made the configuration."""
    elements: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Coded:
    """A quote, the configurations and propositions it is evidence for, and its concepts."""

    quote: Quote
    configurations: list[Tied] = field(default_factory=list)
    propositions: list[tuple[str, str, Stance]] = field(default_factory=list)
    """`T1.3`, what it says, and stance."""
    concepts: list[tuple[int, str]] = field(default_factory=list)

    @property
    def is_verified(self) -> bool:
        """Say whether its words stand in the text, but for typesetting."""
        return self.quote.verification in SURE

    @property
    def is_tied(self) -> bool:
        """Say whether anything rests on it yet."""
        return bool(self.configurations or self.propositions or self.concepts)

    @property
    def kinds(self) -> Iterator[str]:
        """What a list of quotes can be narrowed to, as far as it fits this one."""
        if self.quote.is_parked:
            yield "parked"
        if not self.is_verified:
            yield "unverified"
        if not self.is_tied:
            yield "untied"
        if self.configurations or self.propositions:
            yield "evidence"


def coded_in(session: Session, review_id: int, document: int) -> list[Coded]:
    """Return what is coded in a document, in five queries; quotes not found come last."""
    found = {
        quote.id: Coded(quote)
        for quote in session.scalars(
            select(Quote)
            .where(Quote.review_id == review_id, Quote.document_id == document)
            .order_by(Quote.start_at.is_(None), Quote.start_at, Quote.id)
        )
    }
    _add_evidence(session, review_id, document, found)
    for quote, theory, n, statement, stance in _of_propositions(session, review_id, document):
        found[quote or 0].propositions.append((f"T{theory}.{n}", statement, stance))
    for quote, concept, label in session.execute(
        select(Coding.quote_id, Concept.id, Concept.label)
        .join(Concept, (Concept.review_id == Coding.review_id) & (Concept.id == Coding.concept_id))
        .join(Quote, (Quote.review_id == Coding.review_id) & (Quote.id == Coding.quote_id))
        .where(Coding.review_id == review_id, Quote.document_id == document)
        .order_by(Concept.label)
    ):
        found[quote].concepts.append((concept, label))
    return list(found.values())


def marks_of(coded: Sequence[Coded]) -> list[Mark]:
    """Return where the quotes stand that were found in the text."""
    return [
        Mark(c.quote.id, c.quote.start_at, c.quote.end_at, c.quote.verification.value)
        for c in coded
        if c.quote.start_at is not None and c.quote.end_at is not None
    ]


def _add_evidence(session: Session, review_id: int, document: int, found: dict[int, Coded]) -> None:
    here = (Evidence.review_id == review_id, Quote.document_id == document)
    of_quote = (Quote.review_id == Evidence.review_id) & (Quote.id == Evidence.quote_id)
    ties: dict[tuple[int, int], Tied] = {}
    for piece, title, version, author in session.execute(
        select(Evidence, Configuration.title, Configuration.version, Configuration.created_by)
        .join(
            Configuration,
            (Configuration.review_id == Evidence.review_id)
            & (Configuration.id == Evidence.configuration_id),
        )
        .join(Quote, of_quote)
        .where(*here)
        .order_by(Evidence.configuration_id, Evidence.n)
    ):
        said = (piece.stance, piece.basis, piece.is_inferred)
        tied = Tied(piece.configuration_id, piece.n, title or "", *said, version, author)
        ties[piece.configuration_id, piece.n] = tied
        found[piece.quote_id or 0].configurations.append(tied)
    for configuration, n, element in session.execute(
        select(EvidenceElement.configuration_id, Evidence.n, EvidenceElement.element_n)
        .join(
            Evidence,
            (Evidence.review_id == EvidenceElement.review_id)
            & (Evidence.configuration_id == EvidenceElement.configuration_id)
            & (Evidence.n == EvidenceElement.evidence_n),
        )
        .join(Quote, of_quote)
        .where(*here)
        .order_by(EvidenceElement.element_n)
    ):
        ties[configuration, n].elements.append(element)


def _of_propositions(
    session: Session, review_id: int, document: int
) -> Sequence[Row[int | None, int, int, str, Stance]]:
    return session.execute(
        select(
            PropositionEvidence.quote_id,
            Proposition.theory_id,
            Proposition.n,
            Proposition.statement,
            PropositionEvidence.stance,
        )
        .join(
            Proposition,
            (Proposition.review_id == PropositionEvidence.review_id)
            & (Proposition.theory_id == PropositionEvidence.theory_id)
            & (Proposition.n == PropositionEvidence.proposition_n),
        )
        .join(
            Quote,
            (Quote.review_id == PropositionEvidence.review_id)
            & (Quote.id == PropositionEvidence.quote_id),
        )
        .where(PropositionEvidence.review_id == review_id, Quote.document_id == document)
        .order_by(Proposition.theory_id, Proposition.n)
    ).all()
