"""What goes in and out about appraisals and their forms."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from app.complaints import FieldValueError
from app.db import Id, Line, PageWish, Prose, Schema
from app.library.appraisal.models import Dimension

NONE, DISPUTED = "none", "disputed"
"""What filters say for not appraised, and for appraisers who differ with nothing settled."""
LEVEL = r"[a-z][a-z0-9_]{0,39}"
YES_NO = ("yes", "no", "cant_tell")


def _is_no_word_of_filters(level: str) -> str:
    if level in {NONE, DISPUTED, "any"}:
        raise ValueError(f"{level} means something else in filters; name the level otherwise")
    return level


LevelName = Annotated[str, Field(pattern=f"^{LEVEL}$"), AfterValidator(_is_no_word_of_filters)]
Key = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]


class LevelSaid(Schema):
    """A level a judgement can have: its name in filters, and in words."""

    level: LevelName
    label: Line | None = None
    help: Prose | None = None


class Category(Schema):
    """A sort of source that has items of its own, such as a study design."""

    key: Key
    label: Line


class Item(Schema):
    """One point of a form."""

    key: Key
    text: Line
    help: Prose | None = None
    answers: list[Key] = Field(default_factory=lambda: list(YES_NO), min_length=1, max_length=20)
    category: Key | None = None
    """Asked of sources of this category only; null: of all."""


class FormWords(Schema):
    """Items and levels of a form; each change of them is a new wording."""

    help: Prose | None = None
    levels: list[LevelSaid] = Field(min_length=2, max_length=20)
    """The best first: agreement counts how far apart two are."""
    categories: list[Category] = Field(default_factory=list, max_length=50)
    items: list[Item] = Field(default_factory=list, max_length=200)

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        for what, names in (
            ("level", [said.level for said in self.levels]),
            ("category", [category.key for category in self.categories]),
            ("item", [item.key for item in self.items]),
        ):
            if len(set(names)) < len(names):
                twice = next(name for name in names if names.count(name) > 1)
                raise ValueError(f"the {what} {twice} stands there twice")
        known = {category.key for category in self.categories}
        for item in self.items:
            if item.category is not None and item.category not in known:
                raise ValueError(f"item {item.key} is of a category {item.category} not listed")
        return self


class FormCreate(FormWords):
    """A new form and its first wording."""

    title: Line
    dimension: Dimension
    citation: Prose | None = None


class FormAdoption(Schema):
    """Which of the shipped forms the review takes over, to use or to reword."""

    name: Line


class FormUpdate(Schema):
    """What to change of a form (JSON merge patch); items and levels change by a new wording."""

    title: Line = ""
    citation: Prose | None = None
    is_retired: bool = False


class WordingRead(FormWords):
    """A wording of a form, with the number appraisals keep."""

    n: int
    categories: list[Category]
    created_by: int | None
    created_at: datetime


class FormRead(Schema):
    """A form with all its wordings, the newest last."""

    id: Id
    title: str
    dimension: Dimension
    citation: str | None
    is_retired: bool
    wordings: list[WordingRead]
    created_by: int | None
    created_at: datetime
    version: int


class ShippedForm(FormCreate):
    """A form that comes with the program."""

    name: str
    """What adopting it takes."""


class FormFilter(PageWish):
    """Which forms are wanted."""

    dimension: Dimension | None = None


class Answer(Schema):
    """What was answered to one item."""

    answer: Key
    note: Prose | None = None


Answers = Annotated[dict[Key, Answer], Field(max_length=200)]


class Judged(Schema):
    """What a person judges and why."""

    level: LevelName
    rationale: Prose | None = None
    categories: list[Key] | None = Field(default=None, max_length=50)
    """Of the form, that the source is of: `qualitative`."""
    answers: Answers | None = None
    """By the key of an item; items may stay open."""


class AppraisalCreate(Judged):
    """A judgement of a source, or of one piece of evidence (rigour only)."""

    dimension: Dimension
    source_id: Id | None = None
    configuration_id: Id | None = None
    """With `evidence_n`, instead of a source: a piece of evidence."""
    evidence_n: Id | None = None
    theory_area: Line | None = None
    """Of relevance: to which theory area."""
    form_id: Id | None = None
    """Its newest wording; without a form the levels are those of `GET …/appraisals/levels`."""
    is_consensus: bool = False
    """Settles what appraisers say; by editors."""

    @model_validator(mode="after")
    def _has_one_subject(self) -> Self:
        of_evidence = self.configuration_id is not None or self.evidence_n is not None
        if of_evidence == (self.source_id is not None):
            raise FieldValueError("source_id", "give source_id, or configuration_id and evidence_n")
        if of_evidence and (self.configuration_id is None or self.evidence_n is None):
            raise ValueError("a piece of evidence needs configuration_id and evidence_n")
        if of_evidence and self.dimension is not Dimension.RIGOUR:
            raise FieldValueError(
                "dimension", "a piece of evidence is judged by its rigour; judge its source else"
            )
        if self.theory_area is not None and self.dimension is not Dimension.RELEVANCE:
            raise FieldValueError("theory_area", "theory_area is of relevance only")
        if self.form_id is None and (self.answers or self.categories):
            raise FieldValueError(
                "form_id", "answers and categories need the form they are of: form_id"
            )
        return self


class AppraisalUpdate(Judged):
    """What to change of an appraisal (JSON merge patch); its subject and wording stay."""

    level: LevelName = ""


class AppraisalRead(Schema):
    """An appraisal: what of, how judged, by whom, when, under which wording."""

    id: Id
    dimension: Dimension
    source_id: Id
    configuration_id: Id | None
    evidence_n: int | None
    theory_area: str | None
    level: str
    rationale: str | None
    is_consensus: bool
    form_id: int | None
    wording_n: int | None
    categories: list[str] | None
    answers: dict[str, Answer] | None
    created_by: int | None
    created_at: datetime
    version: int


class AppraisalBulk(Schema):
    """Many new appraisals; all go in or none."""

    items: list[AppraisalCreate] = Field(min_length=1, max_length=5_000)


class AppraisalFilter(PageWish):
    """Which appraisals are wanted; all conditions must hold."""

    dimension: Dimension | None = None
    source_id: Id | None = None
    configuration_id: Id | None = None
    theory_area: Line | None = None
    level: Line | None = None
    form_id: Id | None = None
    created_by: Id | None = None
    is_consensus: bool | None = None


class Opinion(Schema):
    """What one appraiser says."""

    appraisal: Id
    created_by: int | None
    level: str


class Disagreement(Schema):
    """A subject on which appraisers differ, and what an editor settled, if anything."""

    dimension: Dimension
    source_id: Id
    configuration_id: Id | None
    evidence_n: int | None
    theory_area: str | None
    opinions: list[Opinion]
    consensus: Opinion | None


class DisagreementWish(PageWish):
    """Which disagreements are wanted."""

    dimension: Dimension | None = None
    settled: bool | None = None
    """Only those with a consensus, or only those without."""


class AgreementWish(Schema):
    """Agreement on what, and by which form's scale."""

    dimension: Dimension
    theory_area: Line | None = None
    form_id: Id | None = None
    """Only appraisals under this form; by default all, on the scale of the form used last."""


class PairAgreement(Schema):
    """How two appraisers agree on what both appraised."""

    one: int | None
    other: int | None
    subjects: int
    raw: float
    """Share of subjects with the same level, 0 to 1."""
    kappa: float | None
    """Cohen (1960); null where chance alone would make them agree on everything."""


class AgreementRead(Schema):
    """How far independent appraisers agree; consensus judgements are no part of it."""

    dimension: Dimension
    scale: list[str]
    """The levels in their order, the best first."""
    subjects: int
    """Sources (by theory area) and pieces of evidence that two or more appraised."""
    left_out: int
    """Appraisals whose level is not on the scale."""
    raw: float | None
    """Share of pairs of judgements of one subject that are the same, over subjects."""
    alpha: float | None
    """Krippendorff's alpha for ordinal levels; null where it is not defined."""
    pairs: list[PairAgreement]


class LevelCount(Schema):
    """How many distinct sources stand at a level."""

    level: str
    sources: int


class DimensionLevels(Schema):
    """Where every source of the review stands: at one level, disputed, or not appraised."""

    dimension: Dimension
    theory_area: str | None
    scale: list[str]
    """Of this review: what `level` may be without a form."""
    levels: list[LevelCount]
