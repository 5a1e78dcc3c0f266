"""Examples of bodies of the codebook and of what is done to several things at once, by schema."""

from typing import Any

from app.web.examples import DEFINITION, WHEN
from app.web.theory_examples import WORDINGS

ALIKE = {
    "lower_id": 4,
    "lower_label": "small targets",
    "lower_referent": None,
    "lower_configurations": 3,
    "higher_id": 9,
    "higher_label": "smaller targets",
    "higher_referent": None,
    "higher_configurations": 1,
    "score": 93,
    "why": ["“small targets” reads like “smaller targets”"],
}
SHAPE = {"rows": 12, "columns": 8, "cells": 31}

CODEBOOK_EXAMPLES: dict[str, Any] = {
    "ApartCreate": {"concept_id": 2, "other_id": 3, "reason": "Trust is in people."},
    "ApartRead": {
        "lower_id": 2,
        "higher_id": 3,
        "reason": "Trust is in people.",
        "created_by": 1,
        "created_at": WHEN,
    },
    "Alike": ALIKE,
    "MergePreview": {
        "concept_id": 9,
        "label": "smaller targets",
        "into_id": 4,
        "into_label": "small targets",
        "elements": 1,
        "quotes": 0,
        "definitions": 0,
        "aliases": 0,
        "narrower": 0,
        "configurations": 1,
        "both": [],
        "roles": [{"role": "context", "own": 1, "before": 3, "after": 4}],
        "matrix_before": SHAPE,
        "matrix_after": {**SHAPE, "rows": 11},
        "warnings": [],
    },
    "SplitWish": {
        "label": "trust in the venture",
        "definition": DEFINITION,
        "elements": ["C1.3"],
        "quotes": [2],
    },
    "ConfigurationChanges": {
        "numbers": [1, 2],
        "status": "checked",
        "certainty": "moderate",
        "certainty_reason": "Two sources agree.",
    },
    "ConfigurationsChanged": {"changed": [1, 2], "many": 2},
    "MirrorWish": {
        "title": "Without small targets",
        "reason": "No source says what happens where targets are large.",
        "elements": [
            {"role": role, "wording": f"not: {wording}", "position": n}
            for n, (role, wording) in enumerate(WORDINGS, 1)
        ],
    },
}
