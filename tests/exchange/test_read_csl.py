"""Traps of CSL-JSON, each in a few lines of our own: what is read, named, and kept."""

import json

from app.exchange.references.record import BadRecord, Record
from tests.exchange.reading import CSL, one, read


def test_csl_json_as_a_list_an_item_or_under_items() -> None:
    for shape in (CSL, CSL[0], {"items": CSL}):
        fields = one(json.dumps(shape, indent=1))
        assert (fields["title"], fields["year"], fields["cite_key"]) == (
            "Small wins",
            2019,
            "ortiz",
        )
        assert fields["authors"] == [{"family": "van Beethoven", "given": "L."}]
        assert fields["csl"]["volume"] == 4
        assert fields["csl"]["author"] == CSL[0]["author"]


def test_an_item_that_is_no_json_costs_itself() -> None:
    found = read('[{"title": "One"},\n {"title": "Two" oops},\n {"title": "Three"}]')
    assert [type(record) for record in found] == [Record, BadRecord, Record]
    assert [record.line for record in found] == [1, 2, 3]
