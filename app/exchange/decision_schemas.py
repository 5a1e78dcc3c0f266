"""What an import of decisions says: before it is done, and after."""

from typing import Annotated

from pydantic import Field

from app.db import Id, Line, Prose, Schema
from app.exchange.decision_notes import Tool
from app.exchange.references.reading import ReferenceFormat
from app.history.models import Inference
from app.library.screening_models import ScreeningVerdict
from app.library.screening_schemas import Label


class DecisionImportWish(Schema):
    """What is said of a file of decisions besides its bytes."""

    file_name: Line
    tool: Tool | None = None
    """Where they were made; guessed from the notes and the name of the file."""
    stage_id: Id | None = None
    """The stage they belong to; of a Covidence file guessed from its name."""
    verdict: ScreeningVerdict | None = None
    """What a Covidence file says of all its records; guessed from its name."""
    screener: Label | None = None
    """Who stands for Covidence's decisions, which name nobody."""
    person: list[Line] = Field(default_factory=list, max_length=200)
    """NAME=EMAIL, or the member's number: a name of the file is this member; `NAME=` nobody here.
    Others become names who cannot sign in."""
    match_names: bool = False
    """Take a name not said of to be the one member who is called so, if there is."""
    default_reason: Label | None = None
    """For what was excluded without a reason at a stage that asks for one."""
    format: ReferenceFormat | None = None
    encoding: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    preview: bool = False
    """Say what would change, and change nothing."""


class DecisionImportAsked(DecisionImportWish):
    """What is said of a file of decisions, and whether to wait for the answer."""

    as_job: bool = False
    """Answer 202 with a job at once; its result is this operation's answer."""
    previewed: Id | None = None
    """A job of one's own that previewed the file: it is kept for a day, so send no body again."""
    reason: Prose | None = None
    inference: Inference | None = None


class PersonRead(Schema):
    """Somebody whose decisions came in."""

    name: str
    user_id: int | None
    """Null in a preview, for one who would be made."""
    is_new: bool
    decisions: int


class DecisionLeftOut(Schema):
    """A record whose decisions did not come in, and why."""

    record: int
    line: int
    title: str
    why: str


class DecisionImportRead(Schema):
    """What an import of decisions does or would do; `records` is matched, undecided and left out.

    The decisions of what was matched are the sum of added, changed and same.
    """

    is_preview: bool
    tool: Tool
    stage_id: Id
    stage: str
    records: int
    matched: int
    undecided: int
    """Records nobody decided of in the file."""
    added: int
    changed: int
    same: int
    """Here already, word by word."""
    people: list[PersonRead]
    new_reasons: list[str]
    """Reasons to exclude that the stage did not have."""
    left_out: list[DecisionLeftOut]
    change_set: int | None = None
    """The step of the history that it is, to take it back; null where nothing changed."""
