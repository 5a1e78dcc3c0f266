"""Examples of the API's bodies of screening and the flow diagram, by the name of their schema."""

from typing import Any

Json = dict[str, Any]

WHEN = "2026-03-02T09:30:00Z"
MADE = {"created_by": 1, "created_at": WHEN, "version": 1}

STAGE = {
    "position": 0,
    "is_skipped": False,
    "screeners": 2,
    "is_blinded": True,
    "needs_reason": True,
    "guidance": "Does the report say how partners came to work together?",
}
REASON = {
    "id": 4,
    "stage_id": 2,
    "label": "Not about collaboration",
    "position": 0,
    "is_archived": False,
    **MADE,
}
DECISION = {"source_id": 12, "verdict": "exclude", "reason_id": 4, "note": "A single hospital."}
DECISION_READ = {
    **DECISION,
    **MADE,
    "id": 31,
    "stage_id": 2,
    "screener_id": 1,
    "is_final": False,
    "came_from": None,
    "decided_at": WHEN,
}
SCREENED = {
    "id": 12,
    "cite_key": "aunger2021",
    "title": "Building trust and faith",
    "authors": [{"family": "Aunger", "given": "Justin"}],
    "year": 2021,
    "container_title": None,
    "doi": None,
    "url": None,
    "abstract": None,
}
RETRIEVAL = {"status": "not_retrieved", "note": "Author asked on 3 March; no answer."}
RETRIEVAL_READ = {**RETRIEVAL, "source_id": 12, "said_by": 1, "said_at": WHEN}
STAGE_PROGRESS = {
    "stage_id": 2,
    "name": "Full text",
    "unit": "reports",
    "is_skipped": False,
    "entered": 96,
    "included": 51,
    "excluded": 40,
    "unsure": 0,
    "conflict": 2,
    "awaiting": 3,
    "implied": 0,
    "for_me": 3,
    "screeners": [{"user_id": 1, "name": "Ana", "decided": 93}],
    "decisions": 186,
    "checked": 19,
    "agreed": 18,
    "agreement": {
        "sources": 93,
        "raw": 0.914,
        "pairs": [
            {"one": 1, "other": 2, "sources": 93, "same": 85, "raw": 0.914, "kappa": 0.82},
        ],
    },
}

STAGE_FLOW = {
    "stage_id": 2,
    "name": "Full text",
    "unit": "reports",
    "entered": 96,
    "excluded": 40,
    "reasons": [{"reason_id": 4, "label": "Not about collaboration", "sources": 40}],
    "awaiting": 5,
    "passed": 51,
    "implied": 0,
}
PATH = {
    "origin": "databases",
    "found": [{"kind": "database", "name": "MEDLINE", "records": 612, "reported": 612}],
    "identified": 612,
    "duplicates": 101,
    "duplicates_at_import": 0,
    "unreadable": 0,
    "entered": 511,
    "stages": [STAGE_FLOW],
    "sought": 101,
    "not_retrieved": 4,
    "awaiting_retrieval": 1,
    "retrieved": 96,
    "included": 51,
}

SCREENING_EXAMPLES: dict[str, Json] = {
    "StageCreate": {
        **STAGE,
        "name": "Full text",
        "unit": "reports",
        "reasons": ["Not about collaboration", "No empirical or theoretical content"],
    },
    "StageUpdate": {"is_skipped": True},
    "StageRead": {**STAGE, **MADE, "id": 2, "name": "Full text", "unit": "reports", "reasons": []},
    "ReasonCreate": {"stage_id": 2, "label": "Not about collaboration"},
    "ReasonUpdate": {"is_archived": True},
    "ReasonRead": REASON,
    "DecisionCreate": {**DECISION, "stage_id": 2},
    "DecisionBulk": {
        "items": [
            {"stage_id": 1, "source_id": 12, "verdict": "include"},
            {"stage_id": 1, "source_id": 13, "verdict": "unsure", "note": "no abstract"},
        ]
    },
    "DecisionRead": DECISION_READ,
    "Adjudication": {"source_id": 12, "verdict": "include", "note": "Both read it again."},
    "CheckCreate": {"agrees": False, "note": "The second study is about two trusts."},
    "CheckRead": {
        "agrees": False,
        "note": "The second study is about two trusts.",
        "decision_id": 31,
        "n": 1,
        "checker_id": 2,
        "verdict": "exclude",
        "reason_id": 4,
        "created_at": WHEN,
    },
    "QueueItem": {**SCREENED, "decided": 1, "is_retrieved": True},
    "Conflict": {**SCREENED, "outcome": "conflict", "decisions": [DECISION_READ]},
    "Progress": {
        "stages": [STAGE_PROGRESS],
        "sought": 101,
        "retrieved": 96,
        "not_retrieved": 4,
        "awaiting_retrieval": 1,
        "included": 51,
    },
    "Standing": {
        "source_id": 12,
        "stands_for": [40],
        "duplicate_of": None,
        "origin": "databases",
        "end": "excluded",
        "stage_id": 2,
        "steps": [
            {
                "stage_id": 2,
                "stage": "Full text",
                "outcome": "excluded",
                "reason_id": 4,
                "is_implied": False,
            }
        ],
        "retrieval": None,
        "decisions": [DECISION_READ],
    },
    "RetrievalWish": RETRIEVAL,
    "RetrievalRead": RETRIEVAL_READ,
    "RetrievalBulk": {"items": [{**RETRIEVAL, "source_id": 12}]},
    "DecisionImportRead": {
        "is_preview": False,
        "tool": "rayyan",
        "stage_id": 1,
        "stage": "Title and abstract",
        "records": 511,
        "matched": 508,
        "undecided": 1,
        "added": 1016,
        "changed": 0,
        "same": 0,
        "people": [{"name": "Ana", "user_id": 7, "is_new": True, "decisions": 508}],
        "new_reasons": ["wrong population"],
        "left_out": [
            {
                "record": 12,
                "line": 13,
                "title": "Building trust and faith",
                "why": "no source has its DOI, PubMed number or title",
            }
        ],
    },
    "Screened": SCREENED,
    "Flow": {
        "review": "Trust and faith in partnerships of healthcare organisations",
        "caption": "Flow of records: 612 identified, 51 reports of 44 studies included.",
        "databases": PATH,
        "other": {**PATH, "origin": "other", "found": [], "stages": []},
        "previous_studies": 0,
        "previous_reports": 0,
        "new_studies": 44,
        "new_reports": 51,
        "total_studies": 44,
        "total_reports": 51,
        "merged_by_program": 0,
        "merged_by_person": 101,
        "awaiting": 6,
        "notes": [],
    },
}
