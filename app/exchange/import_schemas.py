"""What an import of references says: before it is done, and after."""

from typing import Annotated

from pydantic import Field

from app.db import Id, Line, Schema
from app.exchange.references.reading import ReferenceFormat
from app.library.schemas import Name, Year
from app.library.search_schemas import ProblemRead

MOST_SHOWN = 1_000
SAMPLES = 5


class ImportWish(Schema):
    """What is said of a file besides its bytes; what is left out is guessed from its content."""

    file_name: Line
    format: ReferenceFormat | None = None
    encoding: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    mapping: list[Line] = Field(default_factory=list, max_length=200)
    """For tables, COLUMN=FIELD: what a column means; nothing after the sign for no meaning."""
    preview: bool = False
    """Say what would change, and change nothing."""


class RemarkRead(Schema):
    """A record that was read with a doubt."""

    record: int
    line: int
    remark: str


class SampleRead(Schema):
    """How one of the first records was understood."""

    record: int
    type: str
    title: str
    authors: list[Name]
    year: Year | None = None
    container_title: str | None = None
    doi: str | None = None


class ImportRead(Schema):
    """What an import does or would do; `records` is the sum of added, repeated, known and bad."""

    is_preview: bool
    search_id: Id
    file: int | None
    """Its number among the files of the search; null when nothing was written."""
    format: ReferenceFormat
    encoding: str
    mapping: dict[str, str]
    """Of a table: the field each column was taken for, empty for none."""
    records: int
    added: int
    repeated: int
    """Stand in the file once before, word by word; kept as records of the same source."""
    known: int
    """Held by this search already, from an earlier file."""
    bad: int
    elsewhere: int
    """Of those added: their DOI or PubMed number is that of a source another search brought."""
    filled: int
    """Sources known before that got from a record here what they did not have."""
    same_file_in: list[Id]
    """Searches of the review that have this very file already, by number."""
    first_source: Id | None
    last_source: Id | None
    problems: list[ProblemRead]
    """The bad records, up to 1,000; all are kept with the file."""
    remarks: list[RemarkRead]
    """Up to 1,000."""
    samples: list[SampleRead]
