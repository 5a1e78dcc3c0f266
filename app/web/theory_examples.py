"""Examples of the API's bodies of theory and of questions, by the name of their schema."""

from typing import Any

from app.web.examples import DEFINITION, MADE, QUOTE, WHEN, Json

STATEMENT = (
    "If partners reach small early targets, then trust grows, "
    "because they see each other keep promises."
)
NOTATION = (
    "When partners reach small early targets (C), they see each other keep promises (M), "
    "so trust grows (O)"
)
WORDINGS = (
    ("context", "partners reach small early targets"),
    ("mechanism", "they see each other keep promises"),
    ("outcome", "trust grows"),
)
OUTCOME = {"role": "outcome", "wording": "trust grows", "concept_id": 1, "state": "increased"}
ELEMENTS: list[Json] = [
    {"n": n, "role": role, "wording": wording, "position": n}
    for n, (role, wording) in enumerate(WORDINGS, 1)
]
EVIDENCE = {"stance": "supports", "basis": "author_explanation"}
EVIDENCE_READ = {
    **EVIDENCE,
    "n": 1,
    "source_id": 1,
    "cite_key": "aunger2021",
    "quote_id": 1,
    "exact": "small early targets",
    "quote_page": "4",
    "verification": "exact",
    "elements": [1],
    "created_by": 1,
    "created_at": WHEN,
}
CONFIGURATION = {"modality": "likely", "certainty": "low", "certainty_reason": "One commentary."}
CONFIGURATION_READ = {
    **CONFIGURATION,
    **MADE,
    "id": 1,
    "template": "CMO",
    "statement": STATEMENT,
    "is_statement_written": False,
    "elements": ELEMENTS,
}
MEMBERS = [{"member_id": 2, "note": "The same, of alliances."}]
LINK = {
    "kind": "feeds",
    "from_id": 1,
    "to_id": 2,
    "from_element_n": 3,
    "to_element_n": 1,
    "reason": "The trust that grew is what lets partners take a risk.",
    "inference": "abduction",
}
GROUND = {"configuration_id": 1, "stance": "supports", "reason": "It shows the step."}
VERDICT = {
    "verdict": "revised",
    "decided_on": "2026-03-02",
    "reason": "Only where the early win was won together.",
    "inference": "retroduction",
}
PROPOSITION = {"statement": "Early wins build trust between partners.", "origin": "stakeholders"}
PROPOSITION_READ = {
    **PROPOSITION,
    "n": 1,
    "label": "T1.1",
    "grounds": [{"n": 1, **GROUND}],
    "evidence": [],
    "verdicts": [{"n": 1, **VERDICT, "created_by": 1, "created_at": WHEN}],
    "created_by": 1,
    "created_at": WHEN,
}
THEORY = {"title": "How partnerships come to work", "stage": "initial"}
RECOMMENDATION = {
    "text": "Agree on a first target that both partners can reach within months.",
    "scope": "mandated partnerships",
    "theory_id": 1,
    "configurations": [1],
}
FIGURES = {
    "configurations": 2,
    "sources": 3,
    "studies": 2,
    "reviews": 1,
    "supporting": 2,
    "refuting": 1,
    "second_hand": 1,
    "joint": 0,
}
VIEW = {
    "title": "What holds trust back",
    "description": "For the team meeting.",
    "query": {"has": ["outcome:K1:reduced"], "rows": "mechanism"},
}
REFUSAL = {
    "from_id": 1,
    "from_element_n": 3,
    "to_id": 2,
    "to_element_n": 1,
    "reason": "Trust in the venture's managers is not trust between the partners.",
}
CHAINS: Json = {
    "chains": [
        {
            "configurations": [1, 2],
            "links": [1],
            "begins_with": [1],
            "ends_with": [3],
            "weakest": {"configuration": 2, "sources": 1},
            "consecutive": [1],
            "whole": [1],
            "figures": FIGURES,
            "reason_only": 0,
            "possible": 0,
            "opposing": 0,
            "state_open": 0,
            "refuted": 0,
            "bearing": [],
        }
    ],
    "configurations": [
        {
            "id": 1,
            "title": None,
            "statement": STATEMENT,
            "kind": "raw",
            "is_constructed": False,
            "elements": [
                {
                    "n": 3,
                    "role": "outcome",
                    "wording": "trust grows",
                    "concept_id": 1,
                    "label": "trust",
                    "state": "increased",
                }
            ],
            "figures": FIGURES,
            "url": "/api/v1/reviews/trust-and-faith/configurations/1",
        }
    ],
    "links": [
        {
            "n": 1,
            "from_id": 1,
            "to_id": 2,
            "from_element_n": 3,
            "to_element_n": 1,
            "concept_id": 1,
            "label": "trust",
            "links": [4],
            "is_possible": False,
            "was_suggested": False,
            "is_lifted": False,
            "is_refuted": False,
            "is_reason_only": False,
            "is_opposing": False,
            "is_state_open": False,
            "supporting": 1,
            "refuting": 0,
            "witnesses": [1],
        }
    ],
    "loops": [],
    "bearing": [],
    "figures": FIGURES,
    "is_truncated": False,
    "why": None,
    "caption": "1 chain from K7 early targets to K1 trust, asserted links, up to 6 links: "
    "2 configurations from 3 sources (2 studies, 1 review). "
    "Counts describe this collection, not the strength of a claim.",
}
START = "/api/v1/reviews/trust-and-faith/configurations?counted=true&has="


def heading(concept: int, label: str, state: str | None, condition: str) -> Json:
    """Return a heading of the matrix."""
    return {
        "concept_id": concept,
        "label": label,
        "referent": None,
        "state": state,
        "condition": condition,
        "figures": FIGURES,
        "contradictory": False,
    }


THEORY_EXAMPLES: dict[str, Any] = {
    "ViewCreate": {**VIEW, "slug": "trust-reduced", "kind": "matrix"},
    "ViewUpdate": {"query": {"has": ["outcome:K1:reduced"], "rows": "context"}},
    "ViewRead": {
        **VIEW,
        **MADE,
        "id": 1,
        "slug": "trust-reduced",
        "kind": "matrix",
        "url": "/api/v1/reviews/trust-and-faith/matrix?has=outcome:K1:reduced&rows=mechanism",
        "page_url": "/reviews/trust-and-faith/matrix?has=outcome:K1:reduced&rows=mechanism",
    },
    "ConfigurationCreate": {
        **CONFIGURATION,
        "notation": NOTATION,
        "evidence": [{**EVIDENCE, "quote": QUOTE, "elements": [1]}],
    },
    "ConfigurationUpdate": {"status": "checked", "certainty": "moderate"},
    "ConfigurationRead": {
        **CONFIGURATION_READ,
        "notation": NOTATION,
        "gaps": ["not_coded"],
        "evidence": [EVIDENCE_READ],
        "members": [],
        "consolidated_in": [],
    },
    "ConfigurationSummary": {
        **CONFIGURATION_READ,
        "supporting": 1,
        "refuting": 0,
        "evidence": 1,
        "sources": 1,
    },
    "MembersWish": {"members": MEMBERS},
    "ElementCreate": OUTCOME,
    "ElementPlaced": OUTCOME,
    "ElementUpdate": {"concept_id": 1, "state": "increased"},
    "ElementRead": {"n": 3, **OUTCOME, "definition_n": 1},
    "EvidenceCreate": {**EVIDENCE, "quote": QUOTE, "elements": [1]},
    "EvidenceUpdate": {"stance": "refines", "elements": [1, 3]},
    "EvidenceBody": {**EVIDENCE, "quote_id": 1},
    "EvidencePatch": {"stance": "refines"},
    "EvidenceRead": EVIDENCE_READ,
    "NotationWish": {"notation": NOTATION, "template": "CMO"},
    "NotationRead": {
        "elements": [
            {
                "role": role,
                "wording": wording,
                "start": NOTATION.index(wording),
                "end": NOTATION.index(wording) + len(wording),
            }
            for role, wording in WORDINGS
        ],
        "statement": STATEMENT,
    },
    "Word": {
        "name": "tier",
        "meaning": "How near to the programme an outcome lies.",
        "values": ["proximal", "intermediate", "distal"],
    },
    "LinkCreate": LINK,
    "LinkUpdate": {"effect": "strengthens"},
    "LinkRead": {**LINK, **MADE, "id": 1, "evidence": []},
    "TheoryCreate": {**THEORY, "propositions": [PROPOSITION]},
    "TheoryUpdate": {"stage": "refined"},
    "TheoryRead": {**THEORY, **MADE, "id": 1, "propositions": [PROPOSITION_READ]},
    "PropositionCreate": {**PROPOSITION, "grounds": [GROUND]},
    "PropositionUpdate": {"certainty": "moderate"},
    "PropositionRead": PROPOSITION_READ,
    "GroundCreate": GROUND,
    "GroundRead": {"n": 1, **GROUND},
    "VerdictCreate": VERDICT,
    "VerdictRead": {"n": 1, **VERDICT, "created_by": 1, "created_at": WHEN},
    "RecommendationCreate": RECOMMENDATION,
    "RecommendationUpdate": {"configurations": [1, 2]},
    "RecommendationRead": {**RECOMMENDATION, **MADE, "id": 1},
    "Matrix": {
        "rows_role": "context",
        "columns_role": "outcome",
        "by": "source",
        "rows": [heading(7, "early targets reached", None, "context:K7")],
        "columns": [heading(1, "trust", "increased", "outcome:K1:increased")],
        "cells": [
            {
                "row": 0,
                "column": 0,
                "figures": FIGURES,
                "url": f"{START}context:K7&has=outcome:K1:increased",
                "contradictory": False,
            }
        ],
        "total": FIGURES,
        "left_out": {"configurations": 1, "no_row": 1, "no_column": 0},
        "caption": "Context by outcome: 2 configurations from 3 sources (2 studies, 1 review). "
        "Counts describe this collection, not the strength of a claim.",
    },
    "ConceptPage": {
        "id": 1,
        "label": "trust",
        "referent": "between partners",
        "merged": [9],
        "path": ["relations", "trust"],
        "narrower": [],
        "aliases": ["mutual trust"],
        "definitions": [{**DEFINITION, "n": 1, "created_at": WHEN}],
        "roles": [
            {
                "role": "outcome",
                "states": {"increased": 2},
                "figures": FIGURES,
                "url": f"{START}outcome:K1",
            }
        ],
        "wordings": [
            {
                "wording": "trust grows",
                "role": "outcome",
                "state": "increased",
                "configurations": [1, 2],
            }
        ],
        "neighbours": [
            {
                "concept_id": 7,
                "label": "early targets reached",
                "own_role": "outcome",
                "role": "context",
                "configurations": 2,
            }
        ],
    },
    "MechanismOutcomes": {
        "concept_id": 11,
        "label": "seeing promises kept",
        "configurations": 2,
        "outcomes": [{"concept_id": 1, "label": "trust", "state": "increased", "figures": FIGURES}],
    },
    "Finding": {"check": "quote_untied", "thing": "Q14", "detail": "parked"},
    "SearchAnswer": {
        "items": [
            {
                "thing": "D1",
                "kind": "D",
                "number": 1,
                "label": "aunger2021, article.pdf",
                "source_id": 1,
                "page": "2",
                "start": 1804,
                "end": 1809,
                "merged_into": None,
                "snippet": {
                    "field": "text",
                    "text": "Small targets build trust.",
                    "ranges": [[14, 19], [20, 25]],
                    "markup": "Small targets <mark>build</mark> <mark>trust</mark>.",
                },
                "score": 1250,
                "url": "/api/v1/reviews/trust-and-faith/documents/1/text?start=1804&end=1809",
            }
        ],
        "next": None,
        "counts": [{"kind": "D", "name": "document", "count": 1, "has_more": False}],
        "named": None,
        "note": None,
    },
    "RefusalCreate": REFUSAL,
    "RefusalRead": {**REFUSAL, "created_by": 1, "created_at": WHEN},
    "Suggestions": {
        "items": [
            {
                "from_id": 1,
                "from_element_n": 3,
                "to_id": 2,
                "to_element_n": 1,
                "concept_id": 1,
                "label": "trust",
                "from_state": "increased",
                "to_state": "high",
                "is_state_open": False,
                "why": "trust: outcome of C1, context of C2; increased goes with high",
                "witnesses": [1],
            }
        ],
        "next": "1.3.2.1",
    },
    "Chains": CHAINS,
}
