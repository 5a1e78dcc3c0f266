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


def test_crossref_types_and_lists_of_one_are_read_and_addresses_are_no_keys() -> None:
    item = {
        "id": "http://zotero.org/users/1/items/AB",
        "type": "journal-article",
        "title": ["Small wins"],
        "container-title": ["Partnerships"],
        "issued": {"date-parts": [[2013]]},
    }
    fields = one(json.dumps([item]))
    assert (fields["type"], fields["title"]) == ("article-journal", "Small wins")
    assert fields["container_title"] == "Partnerships"
    assert "cite_key" not in fields
    assert fields["csl"] == {"id": item["id"]}
