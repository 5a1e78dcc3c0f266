"""The flow in the published box format: one row a number, as `PRISMA.csv` of PRISMA2020 has them.

Names of columns, rows and boxes are those of the template of Haddaway et al. 2022 (Campbell
Systematic Reviews 18:e1230), so that its tools read the file; what that form has no place for
stands below, in rows whose names begin with `extra`.
"""

from collections.abc import Iterable, Iterator

from app.export.flow_boxes import KINDS
from app.export.writers import Cell, Column, write_csv
from app.library.screening_models import StageUnit
from app.library.search_models import SearchKind
from app.synthesis.flow_parts import Flow, PathFlow

HEADINGS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")
NA = "NA"
CITATIONS = (SearchKind.CITATION_CHASING, SearchKind.SIBLING_PAPERS)
Line = tuple[str, str, str, str, str, str]
"""Data, node, box, description, text of the box, page; `*` in a text: as described."""
FORM: tuple[Line, ...] = (
    (NA, "node4", "prevstud", "Grey title box; Previous studies", "Previous studies", "prevstud"),
    (
        "previous_studies",
        "node5",
        "box1",
        "Studies included in previous version of review",
        "*",
        "previous_studies",
    ),
    (
        "previous_reports",
        NA,
        "box1",
        "Reports of studies included in previous version of review",
        "*",
        "previous_reports",
    ),
    (
        NA,
        "node6",
        "newstud",
        "Yellow title box; Identification of new studies via databases and registers",
        "Identification of new studies via databases and registers",
        "newstud",
    ),
    (
        "database_results",
        "node7",
        "box2",
        "Records identified from: Databases",
        "Databases",
        "database_results",
    ),
    (
        "database_specific_results",
        NA,
        "box2",
        "Records identified from: specific databases",
        "Specific Databases",
        "database_results",
    ),
    ("register_results", NA, "box2", "Records identified from: Registers", "Registers", NA),
    (
        "register_specific_results",
        NA,
        "box2",
        "Records identified from: specific registers",
        "Specific Registers",
        "database_results",
    ),
    (
        NA,
        "node16",
        "othstud",
        "Grey title box; Identification of new studies via other methods",
        "Identification of new studies via other methods",
        "othstud",
    ),
    (
        "website_results",
        "node17",
        "box11",
        "Records identified from: Websites",
        "Websites",
        "website_results",
    ),
    (
        "organisation_results",
        NA,
        "box11",
        "Records identified from: Organisations",
        "Organisations",
        NA,
    ),
    (
        "citations_results",
        NA,
        "box11",
        "Records identified from: Citation searching",
        "Citation searching",
        NA,
    ),
    ("duplicates", "node8", "box3", "Duplicate records", "*", "duplicates"),
    (
        "excluded_automatic",
        NA,
        "box3",
        "Records marked as ineligible by automation tools",
        "*",
        NA,
    ),
    ("excluded_other", NA, "box3", "Records removed for other reasons", "*", NA),
    (
        "records_screened",
        "node9",
        "box4",
        "Records screened (databases and registers)",
        "Records screened",
        "records_screened",
    ),
    (
        "records_excluded",
        "node10",
        "box5",
        "Records excluded (databases and registers)",
        "Records excluded",
        "records_excluded",
    ),
    (
        "dbr_sought_reports",
        "node11",
        "box6",
        "Reports sought for retrieval (databases and registers)",
        "Reports sought for retrieval",
        "dbr_sought_reports",
    ),
    (
        "dbr_notretrieved_reports",
        "node12",
        "box7",
        "Reports not retrieved (databases and registers)",
        "Reports not retrieved",
        "dbr_notretrieved_reports",
    ),
    (
        "other_sought_reports",
        "node18",
        "box12",
        "Reports sought for retrieval (other)",
        "Reports sought for retrieval",
        "other_sought_reports",
    ),
    (
        "other_notretrieved_reports",
        "node19",
        "box13",
        "Reports not retrieved (other)",
        "Reports not retrieved",
        "other_notretrieved_reports",
    ),
    (
        "dbr_assessed",
        "node13",
        "box8",
        "Reports assessed for eligibility (databases and registers)",
        "Reports assessed for eligibility",
        "dbr_assessed",
    ),
    (
        "dbr_excluded",
        "node14",
        "box9",
        "Reports excluded (databases and registers)",
        "Reports excluded",
        "dbrexcludedrecords",
    ),
    (
        "other_assessed",
        "node20",
        "box14",
        "Reports assessed for eligibility (other)",
        "Reports assessed for eligibility",
        "other_assessed",
    ),
    (
        "other_excluded",
        "node21",
        "box15",
        "Reports excluded (other)",
        "Reports excluded",
        "other_excluded",
    ),
    ("new_studies", "node15", "box10", "New studies included in review", "*", "new_studies"),
    ("new_reports", NA, "box10", "Reports of new included studies", "*", NA),
    ("total_studies", "node22", "box16", "Total studies included in review", "*", "total_studies"),
    ("total_reports", NA, "box16", "Reports of total included studies", "*", NA),
    (
        "identification",
        "node1",
        "identification",
        "Blue identification box",
        "Identification",
        "identification",
    ),
    ("screening", "node2", "screening", "Blue screening box", "Screening", "screening"),
    ("included", "node3", "included", "Blue included box", "Included", "included"),
)


def flow_csv(flow: Flow) -> Iterator[bytes]:
    """Write a flow in the published box format."""
    yield from write_csv([Column(name, name) for name in HEADINGS], _rows(flow))


def _rows(flow: Flow) -> Iterator[list[Cell]]:
    numbers = published(flow)
    for data, node, box, description, text, page in FORM:
        shown = description if text == "*" else text
        url = NA if page == NA else f"{page}.html"
        tooltip = NA if node == NA else description
        yield [data, node, box, description, shown, tooltip, url, numbers.get(data, 0)]
    for name, description, n in _extra(flow):
        yield [name, NA, NA, description, description, NA, NA, n]


def published(flow: Flow) -> dict[str, int | str]:
    """Return the numbers of the published form by their names there."""
    databases, other = flow.databases, flow.other
    return {
        "previous_studies": flow.previous_studies,
        "previous_reports": flow.previous_reports,
        "database_results": _of(databases, SearchKind.DATABASE),
        "database_specific_results": _named(databases, SearchKind.DATABASE),
        "register_results": _of(databases, SearchKind.REGISTER),
        "register_specific_results": _named(databases, SearchKind.REGISTER),
        "website_results": _of(other, SearchKind.WEBSITE),
        "organisation_results": _of(other, SearchKind.ORGANISATION),
        "citations_results": _of(other, *CITATIONS),
        "duplicates": databases.duplicates,
        "excluded_automatic": 0,
        "excluded_other": databases.unreadable,
        "records_screened": _seen(databases, StageUnit.RECORDS, databases.entered),
        "records_excluded": _excluded(databases, StageUnit.RECORDS),
        "dbr_sought_reports": databases.sought,
        "dbr_notretrieved_reports": databases.not_retrieved,
        "other_sought_reports": other.sought,
        "other_notretrieved_reports": other.not_retrieved,
        "dbr_assessed": _seen(databases, StageUnit.REPORTS, databases.retrieved),
        "dbr_excluded": _reasons(databases),
        "other_assessed": _seen(other, StageUnit.REPORTS, other.retrieved),
        "other_excluded": _reasons(other),
        "new_studies": flow.new_studies,
        "new_reports": flow.new_reports,
        "total_studies": flow.total_studies,
        "total_reports": flow.total_reports,
    }


def _of(path: PathFlow, *kinds: SearchKind) -> int:
    return sum(found.records for found in path.found if found.kind in kinds)


def _named(path: PathFlow, kind: SearchKind) -> str:
    return _list((found.name, found.records) for found in path.found if found.kind is kind)


def _list(pairs: Iterable[tuple[str, int]]) -> str:
    """Write names with numbers as the form lists them; its own signs in a name become dashes."""
    return "; ".join(
        f"{' '.join(name.replace(',', ' –').replace(';', ' –').split())}, {n}" for name, n in pairs
    )


def _seen(path: PathFlow, unit: StageUnit, everybody: int) -> int:
    """Return how many were looked at: those that entered the first stage and do not wait there."""
    stages = path.of(unit)
    return stages[0].entered - stages[0].awaiting if stages else everybody


def _excluded(path: PathFlow, unit: StageUnit) -> int:
    return sum(stage.excluded for stage in path.of(unit))


def _reasons(path: PathFlow) -> str:
    """List the reasons of all stages that look at reports, one of the same words once."""
    total: dict[str, int] = {}
    for stage in path.of(StageUnit.REPORTS):
        for reason in stage.reasons:
            total[reason.label] = total.get(reason.label, 0) + reason.sources
    return _list(total.items())


def _extra(flow: Flow) -> Iterator[tuple[str, str, int]]:
    """Yield what the published form has no box for, so that the numbers can be added up."""
    other = flow.other
    at_import = flow.databases.duplicates_at_import + other.duplicates_at_import
    yield "extra_duplicates", "Duplicate records recognised at import", at_import
    yield "extra_duplicates", "Duplicate sources merged by the program", flow.merged_by_program
    yield "extra_duplicates", "Duplicate sources merged by people", flow.merged_by_person
    for found in other.found:
        if found.kind not in {SearchKind.WEBSITE, SearchKind.ORGANISATION, *CITATIONS}:
            name = found.name if found.kind is None else f"{KINDS[found.kind]}: {found.name}"
            yield "extra_found", f"Records identified from: {name}", found.records
    yield (
        "extra_other_removed",
        "Records removed before screening (other): duplicates",
        (other.duplicates),
    )
    yield "extra_other_unread", "Records that could not be read (other)", other.unreadable
    yield (
        "extra_other_rejected",
        "Records set aside at title and abstract (other)",
        _excluded(other, StageUnit.RECORDS),
    )
    for path, side in ((flow.databases, "databases and registers"), (other, "other")):
        for stage in path.stages:
            words = f"Awaiting a decision: {stage.name} ({side})"
            yield "extra_waiting", words, stage.awaiting
        yield "extra_waiting", f"Awaiting retrieval ({side})", path.awaiting_retrieval
