"""Examples of the API's bodies of places in documents, matching and pseudonyms."""

from typing import Any

from app.web.examples import DOCUMENT, WHEN

PLACE = {"document_id": 1, "start": 812, "end": 831}
MATCH = {
    "source_id": 1,
    "score": 0.988,
    "reasons": ["its first pages have the DOI", "the title stands at its beginning"],
    "is_certain": True,
}
FRAME = {
    "page": 2,
    "label": "214",
    "start": 806,
    "end": 838,
    "box": [0, 0, 595.28, 841.89],
    "rotation": 0,
}
DOCUMENT_EXAMPLES: dict[str, Any] = {
    "PassagePlace": {
        **PLACE,
        "pages": [
            {
                "page": 2,
                "label": "214",
                "start": 812,
                "end": 831,
                "box": [0, 0, 595.28, 841.89],
                "rotation": 0,
                "rectangles": [[72.0, 703.3, 188.1, 717.3]],
            }
        ],
    },
    "PageFrame": FRAME,
    "PageWords": {
        **FRAME,
        "text": "After small early targets, trust",
        "words": [
            [806, 811, 42.0, 703.3, 69.4, 717.3],
            [812, 817, 72.0, 703.3, 103.2, 717.3],
            [818, 823, 106.4, 703.3, 137.7, 717.3],
            [824, 832, 140.8, 703.3, 190.2, 717.3],
            [833, 838, 193.1, 703.3, 220.0, 717.3],
        ],
    },
    "ArrivalRead": {"document": DOCUMENT, "is_attached": True, "matches": [MATCH]},
    "MatchRead": MATCH,
    "Attachment": {"source_id": 1},
    "PseudonymBulk": {"items": [{"name": "Mary Smith", "pseudonym": "Nurse 3"}]},
    "PseudonymRead": {
        "id": 1,
        "name": "Mary Smith",
        "pseudonym": "Nurse 3",
        "note": "ward nurse, site A",
        "created_by": 1,
        "created_at": WHEN,
    },
    "NameFound": {"thing": "M7", "column": "memo.text", "pseudonym": "Nurse 3", "places": 1},
    "TurnRead": {"start": 0, "end": 41, "speaker": "Nurse 3"},
    "Speakers": {"speakers": ["Interviewer", "Nurse 3"]},
    "Boundaries": {
        "document_id": 1,
        "start": 0,
        "end": 41,
        "length": 41,
        "paragraphs": [[0, 41]],
        "sentences": [[0, 17], [18, 41]],
    },
}
