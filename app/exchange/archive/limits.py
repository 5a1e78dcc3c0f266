"""What values may be, as far as the API's own answers say: an archive brings none they lack."""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import JSON, Column

from app.coding.schemas import ConceptRead, DefinitionRead, MemoRead, QuoteRead
from app.complaints import explain
from app.db import Schema
from app.library.appraisal.schemas import AppraisalRead, WordingRead
from app.library.field_schemas import FieldRead
from app.library.schemas import SourceRead
from app.library.screening_schemas import DecisionRead, RetrievalRead, StageRead
from app.library.search_schemas import SearchRead
from app.theory.link_schemas import LinkRead
from app.theory.programme_schemas import (
    GroundRead,
    PropositionRead,
    RecommendationRead,
    TheoryRead,
    VerdictRead,
)
from app.theory.refusals import RefusalRead
from app.theory.schemas import ConfigurationRead, ElementRead, EvidenceRead, MemberWish
from app.theory.view_schemas import ViewRead

ANSWERS: Mapping[str, type[Schema]] = {
    "appraisal": AppraisalRead,
    "concept": ConceptRead,
    "concept_definition": DefinitionRead,
    "configuration": ConfigurationRead,
    "configuration_link": LinkRead,
    "consolidation": MemberWish,
    "custom_field": FieldRead,
    "decision": DecisionRead,
    "element": ElementRead,
    "evidence": EvidenceRead,
    "form_wording": WordingRead,
    "ground": GroundRead,
    "link_evidence": EvidenceRead,
    "link_refusal": RefusalRead,
    "link_verdict": VerdictRead,
    "memo": MemoRead,
    "proposition": PropositionRead,
    "proposition_evidence": EvidenceRead,
    "quote": QuoteRead,
    "recommendation": RecommendationRead,
    "retrieval": RetrievalRead,
    "saved_view": ViewRead,
    "search": SearchRead,
    "source": SourceRead,
    "stage": StageRead,
    "theory": TheoryRead,
    "verdict": VerdictRead,
}
"""The answer in which the rows of a table are read, by table."""
WITHIN = ("minLength", "maxLength", "minimum", "maximum")


def limits(column: Column[Any]) -> dict[str, int]:
    """Return how long a text and how large a number may be, in the words of JSON Schema."""
    schema = ANSWERS.get(column.table.name)
    told = _properties(schema).get(column.name, {}) if schema else {}
    kinds = [told, *told.get("anyOf", ())]
    return {name: kind[name] for kind in kinds for name in WITHIN if name in kind}


@cache
def _properties(schema: type[Schema]) -> dict[str, Any]:
    return dict(schema.model_json_schema()["properties"])


def structure(column: Column[Any]) -> TypeAdapter[Any] | None:
    """Return what judges the structures in a column, if an answer says what they are."""
    schema = ANSWERS.get(column.table.name)
    field = schema.model_fields.get(column.name) if schema else None
    if field is None or not isinstance(column.type, JSON):
        return None
    kind: Any = field.annotation
    return TypeAdapter(Annotated[(kind, *field.metadata)] if field.metadata else kind)


def why_unfit(error: ValidationError) -> str:
    """Say the first thing that is wrong, after its place inside."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    what = explain(first)
    return f"{where}: {what}" if where else what
