"""Traps of PubMed's and Web of Science's tagged files, each in a few lines of our own."""

from tests.exchange.reading import NBIB, WOS, good, one


def test_nbib_goes_on_over_lines_and_finds_dois_under_lid_and_aid() -> None:
    first, second = good(NBIB)
    assert first.fields["title"] == "A title that goes on in the next line."
    assert first.fields["doi"] == "10.1234/lid.1"
    assert first.fields["authors"] == [
        {"family": "Long", "given": "Vicky"},
        {"literal": "The Trust Group"},
        {"family": "Marland", "given": "Hilary"},
    ]
    assert first.fields["csl"]["issued"] == {"date-parts": [[2009, 9, 3]]}
    assert first.fields["csl"]["keyword"] == "Humans; trust"
    assert second.line == 17
    assert (second.fields["pmid"], second.fields["doi"]) == ("124", "10.1234/aid.2")
    assert second.fields["authors"] == [{"family": "Long", "given": "V"}]
    assert second.fields["container_title"] == "Hist"


def test_web_of_science_records() -> None:
    first, second = good(WOS)
    assert first.fields["title"] == "Small wins in large alliances"
    assert first.fields["authors"][1] == {"family": "Ortiz", "given": "Ana"}
    assert first.fields["csl"]["page"] == "11-19"
    assert first.fields["csl"]["issued"] == {"date-parts": [[2019, 3, 2]]}
    assert ["UT", "WOS:000001"] in first.fields["csl"]["custom"]["wos"]
    assert (second.line, second.fields["title"]) == (21, "Second")


def test_web_of_science_has_conference_papers() -> None:
    assert one(WOS.replace("PT J", "PT C", 1).split("\nER\n")[0] + "\nER\n")["type"] == (
        "paper-conference"
    )
