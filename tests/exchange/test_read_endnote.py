"""Traps of EndNote XML, each in a few lines of our own: what is read, named, and kept."""

from app.exchange.references.record import BadRecord, Record
from tests.exchange.reading import endnote, one, read, styled


def test_endnote_xml_with_nested_styles_and_empty_keywords() -> None:
    record = (
        '<record><ref-type name="Journal Article">17</ref-type><contributors><authors>'
        f"<author>{styled('Ortiz, Ana')}</author></authors></contributors>"
        f"<titles><title>{styled('Small')}{styled(' wins &amp; more')}</title>"
        f"<secondary-title>{styled('Partnerships')}</secondary-title></titles>"
        f"<dates><year>{styled('2019')}</year></dates><keywords><keyword/>"
        f"<keyword>{styled('')}{styled('trust')}</keyword></keywords>"
        f"<electronic-resource-num>{styled('10.1234/en')}</electronic-resource-num>"
        "<custom7>local</custom7></record>"
    )
    fields = one(endnote(record))
    assert (fields["title"], fields["doi"]) == ("Small wins & more", "10.1234/en")
    assert fields["csl"]["keyword"] == "trust"
    assert fields["csl"]["custom"]["endnote"] == [["custom7", "local"]]


def test_one_broken_xml_record_is_one_bad_record() -> None:
    fine = "<record><titles><title>One</title></titles></record>\n"
    found = read(endnote(fine, "<record><titles><title>Two</titles></record>\n", fine))
    assert [type(record) for record in found] == [Record, BadRecord, Record]
    truncated = read(endnote(fine, "<record><titles><title>Tw")[:-20])
    assert isinstance(truncated[1], BadRecord)
    assert truncated[1].line == 2


def test_no_entity_of_a_hostile_file_is_opened_or_multiplied() -> None:
    laughs = "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10))
    for declared, entity in (
        ("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "&x;"),
        (f"<!ENTITY l0 'ha'>{laughs}", "&l9;"),
    ):
        text = (
            f"<?xml version='1.0'?><!DOCTYPE xml [{declared}]><xml><records>"
            f"<record><titles><title>{entity}</title></titles></record></records></xml>"
        )
        [bad] = read(text)
        assert isinstance(bad, BadRecord)
        assert "undefined entity" in bad.reason
