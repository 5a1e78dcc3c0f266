"""Reads a review from plain files: JSON Lines of what the API takes, each line with its number.

The files are read in the order in which they refer to each other, through the same verbs the API
uses, so a seed obeys every rule a person's work obeys. All of it is one change-set.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.access.identity import Member
from app.access.models import MemberRole, Review, UserAccount
from app.access.reviews import add_review
from app.access.schemas import ReviewCreate
from app.coding.concepts import add_concept, add_definition
from app.coding.memos import add_memo
from app.coding.models import Concept
from app.coding.quotes import add_quotes
from app.coding.schemas import ConceptCreate, DefinitionCreate, MemoCreate, QuoteCreate
from app.config import Settings
from app.db import Schema
from app.errors import InvalidError
from app.history.models import Channel
from app.history.reading import load
from app.history.recording import ledger
from app.library.documents import add_document, read_upload
from app.library.extraction import Bounds
from app.library.models import Source
from app.library.schemas import DocumentWish, SourceCreate
from app.library.service import add_sources
from app.theory.configurations import add_configurations
from app.theory.link_schemas import LinkCreate
from app.theory.links import add_link
from app.theory.programme import add_recommendation, add_theory
from app.theory.programme_schemas import RecommendationCreate, TheoryCreate
from app.theory.schemas import ConfigurationCreate

Body = TypeVar("Body", bound=Schema)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a seed file, and where it stands."""

    path: Path
    number: int
    values: dict[str, Any]

    def body(self, schema: type[Body]) -> Body:
        """Read the line as what the API takes; raises `InvalidError` naming file and line."""
        try:
            return schema.model_validate(self.values)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise InvalidError(f"{self.place}: {place}: {first['msg']}") from error

    @property
    def place(self) -> str:
        """File and line, for people."""
        return f"{self.path.name} line {self.number}"


def read_lines(folder: Path, name: str) -> Iterator[tuple[int, Line]]:
    """Yield the number each line must get and the line; a missing file has no lines."""
    path = folder / f"{name}.jsonl"
    if not path.exists():
        return
    for number, text in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            values = json.loads(text)
        except ValueError as error:
            raise InvalidError(f"{path.name} line {number} is not JSON: {error}") from error
        yield values.pop("id", number), Line(path, number, values)


def load_seed(session: Session, folder: Path, owner: UserAccount, settings: Settings) -> Review:
    """Make the review that a folder holds, owned by a person; raises when the slug is taken."""
    book = ledger(session)
    book.actor_id, book.channel, book.reason = owner.id, Channel.IMPORT, f"seed {folder.name}"
    wish = ReviewCreate.model_validate_json((folder / "review.json").read_bytes())
    review = add_review(session, owner, wish)
    member = Member(review, owner, MemberRole.OWNER)
    _load_sources(session, folder, member, settings)
    _load_codebook(session, folder, member)
    _load_theory(session, folder, member)
    return review


def _same(line: Line, wanted: int, given: int) -> None:
    if wanted != given:
        raise InvalidError(f"{line.place}: would be number {given}, the file says {wanted}.")


def _load_sources(session: Session, folder: Path, member: Member, settings: Settings) -> None:
    for wanted, line in read_lines(folder, "sources"):
        [source] = add_sources(session, member, [line.body(SourceCreate)])
        _same(line, wanted, source.id)
    for wanted, line in read_lines(folder, "documents"):
        values = line.values
        source = load(session, Source, member.review_id, values["source_id"])
        wish = DocumentWish(file_name=values["file_name"])
        content = (folder / values["path"]).read_bytes()
        bounds = Bounds(settings.document_seconds, settings.document_megabytes)
        upload = read_upload(content, values["media_type"], bounds)
        document = add_document(session, member, source, wish, upload, settings.files_dir)
        _same(line, wanted, document.id)


def _load_codebook(session: Session, folder: Path, member: Member) -> None:
    for wanted, line in read_lines(folder, "concepts"):
        _same(line, wanted, add_concept(session, member, line.body(ConceptCreate)).id)
    for wanted, line in read_lines(folder, "quotes"):
        [quote] = add_quotes(session, member, [line.body(QuoteCreate)])
        _same(line, wanted, quote.id)
    for _, line in read_lines(folder, "definitions"):
        concept = load(session, Concept, member.review_id, line.values.pop("concept_id"))
        add_definition(session, concept, line.body(DefinitionCreate))


def _load_theory(session: Session, folder: Path, member: Member) -> None:
    for wanted, line in read_lines(folder, "configurations"):
        [configuration] = add_configurations(session, member, [line.body(ConfigurationCreate)])
        _same(line, wanted, configuration.id)
    for wanted, line in read_lines(folder, "links"):
        _same(line, wanted, add_link(session, member, line.body(LinkCreate)).id)
    for wanted, line in read_lines(folder, "memos"):
        _same(line, wanted, add_memo(session, member, line.body(MemoCreate)).id)
    for wanted, line in read_lines(folder, "theories"):
        _same(line, wanted, add_theory(session, member, line.body(TheoryCreate)).id)
    for wanted, line in read_lines(folder, "recommendations"):
        made = add_recommendation(session, member, line.body(RecommendationCreate))
        _same(line, wanted, made.id)
