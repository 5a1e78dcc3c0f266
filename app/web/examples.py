"""Examples of the API's bodies of people, sources and coding, by the name of their schema."""

from typing import Any

Json = dict[str, Any]

WHEN = "2026-03-02T09:30:00Z"
MADE = {"created_by": 1, "created_at": WHEN, "version": 1}

USER = {"email": "ana@example.org", "name": "Ana"}
TOKEN = {
    "id": 3,
    "name": "analysis notebook",
    "hint": "…x7Qe",
    "scope": "write",
    "review_id": None,
    "created_at": WHEN,
    "expires_at": "2026-05-31T09:30:00Z",
    "last_used_at": None,
    "revoked_at": None,
}
REVIEW = {
    "slug": "trust-and-faith",
    "title": "Trust and faith in partnerships of healthcare organisations",
    "question": "When do partners come to trust each other, for whom and why?",
    "template": "CMO",
    "quote_word_limit": 25,
}
SOURCE = {
    "type": "article-journal",
    "title": "Building trust and faith",
    "authors": [{"family": "Aunger", "given": "Justin"}, {"family": "Millar", "given": "Ross"}],
    "year": 2021,
    "kind": "commentary",
}
DOCUMENT = {
    "id": 1,
    "source_id": 1,
    "file_name": "interviews.txt",
    "media_type": "text/plain",
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "byte_size": 4121,
    "extractor": "plain text 1",
    "page_breaks": [1800, 3655],
    "created_by": 1,
    "created_at": WHEN,
}
DEFINITION = {"text": "Accepting to be vulnerable, since one expects good of the other."}
CONCEPT = {"label": "trust", "referent": "between partners", "kind": "relation", "level": "meso"}
QUOTE = {"source_id": 1, "exact": "small early targets", "page": "4"}
PLACE = {"start_at": 812, "end_at": 831}
QUOTE_READ = {
    **QUOTE,
    **PLACE,
    **MADE,
    "id": 1,
    "document_id": 1,
    "prefix": "They agreed on ",
    "suffix": " and met them.",
    "verification": "exact",
    "score": None,
    "words": 3,
    "is_too_long": False,
    "note": None,
    "is_parked": False,
    "concepts": [7],
}
MEMO = {
    "kind": "theory",
    "text": "Is it the win that counts, or that it was won together?",
    "subject_kind": "C",
    "subject_id": 1,
}
CHANGE_SET = {
    "id": 12,
    "actor_id": 1,
    "at": WHEN,
    "channel": "api",
    "reason": "second reading",
    "inference": None,
    "undoes": None,
    "request_id": "5f0c1e",
}

EXAMPLES: dict[str, Any] = {
    "UserCreate": USER,
    "UserRead": {
        **USER,
        "id": 1,
        "uuid": "0195a1f0-5d2e-7c43-9b1e-2f6f3f0c8d11",
        "is_admin": False,
        "is_active": True,
    },
    "TokenCreate": {"name": "analysis notebook", "scope": "write", "days": 90},
    "TokenRead": TOKEN,
    "TokenIssued": {**TOKEN, "token": "rtd_shown-once-and-never-again-x7Qe"},
    "SignInRead": {
        "id": 5,
        "user_agent": "Firefox on Linux",
        "created_at": WHEN,
        "expires_at": "2026-03-16T09:30:00Z",
    },
    "ReviewCreate": REVIEW,
    "ReviewUpdate": {"quote_word_limit": 40},
    "ReviewRead": {
        **REVIEW,
        "uuid": "0195a1f1-0a77-7d0c-8a55-6c1d2b9e4f02",
        "description": None,
        "version": 1,
        "created_at": WHEN,
    },
    "MemberCreate": {"email": "ana@example.org", "role": "coder"},
    "MemberUpdate": {"role": "editor"},
    "MemberRead": {"user_id": 1, "name": "Ana", "role": "coder"},
    "SourceCreate": {**SOURCE, "study": "Trust in partnerships"},
    "SourceUpdate": {"country": "United Kingdom", "setting": "hospital groups"},
    "SourceRead": {**SOURCE, **MADE, "id": 1, "cite_key": "aunger2021", "study_id": 1},
    "StudyRead": {"id": 1, "label": "Trust in partnerships", "created_at": WHEN},
    "DocumentRead": DOCUMENT,
    "DocumentText": {
        "document_id": 1,
        "start": 797,
        "end": 831,
        "length": 4105,
        "text": "They agreed on small early targets",
    },
    "DefinitionCreate": {**DEFINITION, "source_id": 1, "page": "3"},
    "ConceptCreate": {**CONCEPT, "definitions": [DEFINITION], "aliases": ["mutual trust"]},
    "ConceptUpdate": {"parent_id": 4},
    "ConceptRead": {
        **CONCEPT,
        **MADE,
        "id": 1,
        "origin": "new",
        "origin_id": None,
        "merged_into_id": None,
        "definitions": [{**DEFINITION, "n": 1, "created_at": WHEN}],
        "aliases": ["mutual trust"],
    },
    "AliasCreate": {"label": "trustfulness"},
    "MergeWish": {"into_id": 1, "despite_warnings": False},
    "QuoteCreate": {**QUOTE, "prefix": "They agreed on "},
    "QuoteUpdate": {"start_at": 812},
    "QuoteRead": QUOTE_READ,
    "QuoteCreated": {**QUOTE_READ, "candidates": []},
    "Candidate": {**PLACE, "prefix": "They agreed on ", "suffix": " and met them."},
    "MemoCreate": MEMO,
    "MemoUpdate": {"text": "It must be won together."},
    "MemoRead": {**MEMO, **MADE, "id": 1},
    "RestoreWish": {"kind": "C", "number": 17},
    "Undone": {"change_set": 13},
    "ImportWish": {"slug": "trust-and-faith-2", "as_copy": True, "on_conflict": "refuse"},
    "JobRead": {
        "id": 7,
        "kind": "archive_check",
        "status": "done",
        "stage": "checking",
        "done": 412,
        "total": 412,
        "result": {
            "slug": "trust-and-faith",
            "title": "Trust and faith in partnerships of healthcare organisations",
            "is_new": True,
            "counts": {"quotes": {"new": 25}},
            "conflicts": [],
            "change_sets_left": 0,
        },
        "problem": None,
        "created_at": WHEN,
        "started_at": WHEN,
        "finished_at": WHEN,
    },
    "ChangeSetRead": CHANGE_SET,
    "ChangeSetDetail": {
        **CHANGE_SET,
        "actor": "Ana",
        "changes": [
            {
                "table_name": "element",
                "row_key": [1, 3],
                "operation": "update",
                "aggregate_kind": "C",
                "aggregate_id": 1,
                "before": {"state": "not_stated"},
                "after": {"state": "increased"},
            }
        ],
        "next": None,
    },
}

BY_OPERATION: dict[str, dict[str, Any]] = {
    "health": {"application/json": {"status": "ok"}},
    "readiness": {"application/json": {"status": "ready", "database": "sqlite"}},
    "download_evidence_table": {
        "application/json": [{"configuration": "C1", "quote_text": "small early targets"}],
        "text/csv": "configuration,quote_text\r\nC1,small early targets\r\n",
    },
}
"""Answers that have no schema of their own, by kind of file."""
