"""Examples of the API's bodies of appraisals and their forms."""

from typing import Any

from app.web.examples import MADE, WHEN

APPRAISAL = {
    "dimension": "rigour",
    "source_id": 1,
    "form_id": 1,
    "level": "moderate",
    "rationale": "Interviews only, but told in detail.",
    "categories": ["qualitative"],
    "answers": {"S1": {"answer": "yes"}, "1.3": {"answer": "cant_tell", "note": "few extracts"}},
}
LEVELS = [{"level": "high", "label": "High"}, {"level": "low", "help": "Use with care."}]
WORDING = {
    "help": "Judge what we use of it.",
    "levels": LEVELS,
    "categories": [{"key": "qualitative", "label": "Qualitative"}],
    "items": [
        {
            "key": "1",
            "text": "It can be seen how this was found out",
            "answers": ["yes", "no", "cant_tell"],
            "category": "qualitative",
        }
    ],
}
FORM = {"title": "Our checklist", "dimension": "rigour", "citation": "After our protocol."}

APPRAISAL_EXAMPLES: dict[str, Any] = {
    "FormWords": WORDING,
    "FormCreate": {**FORM, **WORDING},
    "FormAdoption": {"name": "mmat-2018"},
    "FormUpdate": {"is_retired": True},
    "FormRead": {
        **FORM,
        **MADE,
        "id": 1,
        "is_retired": False,
        "wordings": [{**WORDING, "n": 1, "created_by": 1, "created_at": WHEN}],
    },
    "ShippedForm": {**FORM, **WORDING, "name": "rigour"},
    "AppraisalCreate": APPRAISAL,
    "AppraisalBulk": {"items": [APPRAISAL]},
    "AppraisalUpdate": {"level": "high", "rationale": "The authors sent us the transcripts."},
    "AppraisalRead": {
        **APPRAISAL,
        **MADE,
        "id": 7,
        "configuration_id": None,
        "evidence_n": None,
        "theory_area": None,
        "is_consensus": False,
        "wording_n": 1,
    },
    "Disagreement": {
        "dimension": "rigour",
        "source_id": 1,
        "configuration_id": None,
        "evidence_n": None,
        "theory_area": None,
        "opinions": [
            {"appraisal": 7, "created_by": 1, "level": "moderate"},
            {"appraisal": 9, "created_by": 2, "level": "low"},
        ],
        "consensus": None,
    },
    "AgreementRead": {
        "dimension": "rigour",
        "scale": ["high", "moderate", "low"],
        "subjects": 24,
        "left_out": 0,
        "raw": 0.792,
        "alpha": 0.713,
        "pairs": [{"one": 1, "other": 2, "subjects": 24, "raw": 0.792, "kappa": 0.66}],
    },
    "DimensionLevels": {
        "dimension": "rigour",
        "theory_area": None,
        "scale": ["high", "moderate", "low"],
        "levels": [{"level": "high", "sources": 12}, {"level": "none", "sources": 3}],
    },
}
