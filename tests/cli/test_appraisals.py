"""Appraisal from a terminal: judged, settled, compared and asked by."""

from app.errors import AppError
from tests.cli.test_commands import Terminal, seeded, table, terminal

__all__ = ["seeded", "terminal"]


def test_sources_and_evidence_are_judged_settled_and_asked_by(seeded: Terminal) -> None:
    add = ("appraisals", "add")
    assert "MMAT 2018" in seeded("appraisals", "adopt", "mmat-2018")
    forms = table(seeded("appraisals", "forms", "-f", "csv"))
    assert [(form["form"], form["items"]) for form in forms] == [("B1", "27")]
    under = ("--form", "1", "--category", "qualitative", "--answer", "S1=yes", "--why", "told well")
    assert "A1: rigour of S1 is high" in seeded(*add, "rigour", "high", "--source", "1", *under)
    seeded(*add, "relevance", "low", "--source", "1", "--area", "trust")
    assert "C1, evidence 1" in seeded(*add, "rigour", "low", "--evidence", "C1.1")
    seeded(*add, "rigour", "moderate", "--source", "1", "--consensus")
    listed = table(seeded("appraisals", "list", "--where", "dimension=rigour", "-f", "csv"))
    assert [one["level"] for one in listed] == ["high", "low", "moderate"]
    assert listed[0]["why"] == "told well"
    counts = table(seeded("appraisals", "levels", "-f", "csv"))
    assert {"judgement": "rigour", "level": "moderate", "sources": "1"} in counts
    sources = table(seeded("sources", "--where", "rigour=moderate", "-f", "csv"))
    assert [one["source"] for one in sources] == ["S1"]
    found = table(seeded("configurations", "--where", "rigour=low", "-f", "csv"))
    assert "C1" in {one["CMOC"] for one in found}
    assert "0 chains" in seeded("chains", "--to", "K1", "--where", "richness=rich")
    assert "not defined" in seeded("appraisals", "agreement", "rigour")
    assert table(seeded("appraisals", "disagreements", "--open", "-f", "csv")) == []


def test_what_cannot_be_read_is_refused_with_the_way_to_write_it(seeded: Terminal) -> None:
    for more, words in (
        (("--evidence", "C1"), "17.2"),
        (("--source", "1", "--answer", "S1"), "S1=yes"),
    ):
        wrong = seeded.run("appraisals", "add", "rigour", "high", *more)
        assert isinstance(wrong.exception, AppError)
        assert words in wrong.exception.detail
