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
FIELD = {
    "subject": "source",
    "name": "design",
    "label": "Study design",
    "type": "choice",
    "choices": ["RCT", "cohort", "case study"],
    "help": "As the report names it; the strongest where several.",
    "position": 1,
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
    "page_labels": ["213", "214", "215"],
    "notes": None,
    "properties": {"title": "Building trust and faith"},
    "speakers": None,
    "created_by": 1,
    "created_at": WHEN,
}
DEFINITION = {"text": "Accepting to be vulnerable, since one expects good of the other."}
CONCEPT = {"label": "trust", "referent": "between partners", "kind": "relation", "level": "meso"}
QUOTE = {"source_id": 1, "exact": "small early targets", "page": "4"}
PLACE = {"start_at": 812, "end_at": 831}
QUOTE_CHECK = {
    "id": 17,
    "source_id": 3,
    "document_id": 2,
    "was": "exact",
    "verification": "approximate",
    "score": 96.3,
    "page": "4",
    "page_found": "4",
    "count_found": 4,
    "is_wrong_page": False,
    "found": "trust needs time",
    "difference": "trust [-takes-]{+needs+} time",
}
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
    "speaker": None,
    "concepts": [7],
}
MEMO = {
    "kind": "theory",
    "text": "Is it the win that counts, or that it was won together?",
    "subject_kind": "C",
    "subject_id": 1,
}
SEARCH = {
    "kind": "database",
    "database": "MEDLINE",
    "platform": "Ovid",
    "searched_on": "2026-02-11",
    "query": "1. trust.ti,ab.\n2. (alliance* or merger*).ti,ab.\n3. 1 and 2",
    "hits_reported": 812,
    "theory_area": "trust between partners",
    "phase": "main",
    "reason": None,
    "stopped_because": None,
}
PROBLEM = {"record": 3, "line": 41, "reason": "it has no title", "raw": "TY  - JOUR\nER  - "}
COUNTED = {"records": 812, "added": 809, "repeated": 1, "known": 1}
REPORT = {**SOURCE, **MADE, "study_id": 1, "merged_into_id": None, "merged": []}
PAIR = {
    "lower_id": 1,
    "higher_id": 3,
    "score": 0.998,
    "reasons": ["titles 97 alike", "same authors", "same journal or book", "pages differ"],
    "state": "suggested",
    "by_program": False,
    "survivor_id": None,
    "filled": None,
    "decided_by": None,
    "decided_at": None,
    "created_at": WHEN,
    "differs": ["title"],
    "proposed_survivor_id": 1,
    "lower": {**REPORT, "id": 1, "cite_key": "aunger2021"},
    "higher": {**REPORT, "id": 3, "cite_key": "aunger2021a"},
}
CHANGE_SET = {
    "id": 12,
    "what": "C1: element 3 changed",
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
    "MeUpdate": {"name": "Ana Lindqvist"},
    "PasswordChange": {"current": "the one until now", "password": "a long one, kept well"},
    "UserUpdate": {"is_active": False},
    "SignInLink": {
        "user_id": 4,
        "name": "Ana",
        "url": "https://retroduce.example.org/sign-in/shown-once-and-never-again",
        "expires_at": "2026-03-02T10:30:00Z",
    },
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
    "SourceUpdate": {"country": "United Kingdom", "fields": {"design": "RCT"}},
    "SourceRead": {
        **SOURCE,
        **MADE,
        "id": 1,
        "cite_key": "aunger2021",
        "study_id": 1,
        "merged_into_id": None,
        "merged": [3],
    },
    "FindWish": {"automatic": True},
    "Decisions": {
        "items": [
            {"source_id": 1, "other_id": 3, "choice": "merge", "survivor_id": 1},
            {"source_id": 1, "other_id": 4, "choice": "apart"},
        ]
    },
    "SourceMerge": {"into_id": 1},
    "PairRead": PAIR,
    "SearchCreate": SEARCH,
    "SearchUpdate": {"stopped_because": "the last fifty brought nothing new"},
    "SearchRead": {**SEARCH, **MADE, "id": 1, "records": 811, "sources": 810, "only_here": 640},
    "SearchFileRead": {
        **COUNTED,
        "search_id": 1,
        "n": 1,
        "file_name": "medline.ris",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "byte_size": 1_204_113,
        "format": "ris",
        "encoding": "utf-8",
        "mapping": None,
        "problems": [PROBLEM],
        "created_by": 1,
        "created_at": WHEN,
    },
    "HitRead": {
        "search_id": 1,
        "n": 1,
        "file_n": 1,
        "source_id": 1,
        "record": 1,
        "line": 1,
        "raw": "TY  - JOUR\nTI  - Building trust and faith\nPY  - 2021\nER  - ",
    },
    "ImportRead": {
        **COUNTED,
        "is_preview": True,
        "search_id": 1,
        "file": None,
        "format": "ris",
        "encoding": "utf-8",
        "mapping": {},
        "bad": 1,
        "elsewhere": 37,
        "first_source": None,
        "last_source": None,
        "problems": [PROBLEM],
        "remarks": [{"record": 9, "line": 130, "remark": "it has no TY line; taken as a document"}],
        "samples": [
            {
                "record": 1,
                "type": "article-journal",
                "title": "Building trust and faith",
                "authors": [{"family": "Aunger", "given": "Justin"}],
                "year": 2021,
                "container_title": None,
                "doi": None,
            }
        ],
    },
    "FieldCreate": FIELD,
    "FieldUpdate": {"choices": ["RCT", "cohort", "case study", "ethnography"]},
    "FieldRead": {**FIELD, **MADE, "id": 1},
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
    "Candidate": {
        **PLACE,
        "prefix": "They agreed on ",
        "suffix": " and met them.",
        "page": "4",
    },
    "QuoteChecks": {
        "counts": {"exact": 48, "approximate": 1},
        "wrong_pages": 0,
        "items": [QUOTE_CHECK],
    },
    "TakeOver": {"from_document": 2},
    "TakenOver": {"document_id": 5, "moved": [17, 18], "stayed": [21]},
    "MemoCreate": MEMO,
    "MemoUpdate": {"text": "It must be won together."},
    "MemoRead": {**MEMO, **MADE, "subject_part": None, "subject_n": None, "id": 1},
    "RestoreWish": {"kind": "C", "number": 17},
    "Undone": {"change_set": 13},
    "SeedRead": {
        "name": "trust-and-faith",
        "title": "Trust and faith in partnerships of healthcare organisations",
        "question": "When do partners come to trust each other, for whom and why?",
    },
    "ArchiveWish": {"slug": "trust-and-faith-2", "as_copy": True, "on_conflict": "refuse"},
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
    "download_flow": {
        "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "image/png": "(the figure as a picture)",
        "application/pdf": "(the figure as a page)",
        "text/csv": "data,node,box,description,boxtext,tooltips,url,n\r\n",
    },
    "download_citations": {
        "text/plain": "Aunger, J., & Millar, R. (2021). Building trust and faith.\n",
        "text/markdown": "- Aunger, J., & Millar, R. (2021). *Building trust and faith*.\n",
        "text/html": "<ul><li>Aunger, J., &amp; Millar, R. (2021).</li></ul>",
    },
    "download_chains": {
        "text/csv": "link,from,to,kind\r\n1,C1,C2,asserted\r\n",
        "text/vnd.graphviz": "digraph chains { C1 -> C2; }",
        "text/vnd.mermaid": "flowchart LR\n  C1 --> C2\n",
        "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"/>',
        "application/graphml+xml": '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"/>',
    },
}
"""Answers that have no schema of their own, by kind of file."""
