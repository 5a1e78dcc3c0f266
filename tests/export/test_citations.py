"""Reference lists in three styles: people, missing fields, markup, and what they are written as."""

from typing import Any

import pytest

from app.export.citations import Form, Style, cited, reference_list
from tests.conftest import Door, World

STRAIGHT = {0x2018: "'", 0x2019: "'"}
"""Quotation marks, for the eye."""
ARTICLE: dict[str, Any] = {
    "type": "article-journal",
    "title": "Building trust",
    "author": [{"family": "Aunger", "given": "Justin A."}, {"family": "Millar", "given": "Ross"}],
    "issued": {"date-parts": [[2021, 3]]},
    "container-title": "BMC Health Services Research",
    "volume": "21",
    "issue": 3,
    "page": "602-610",
    "DOI": "10.1/abc",
}
REPORT = {
    "type": "report",
    "title": "The NHS Long Term Plan",
    "author": [{"literal": "Department of Health, Social Care and Ageing"}],
    "issued": {"date-parts": [["2019"]]},
    "publisher": "NHS England",
    "URL": "https://example.org/plan",
}
CHAPTER = {
    "type": "chapter",
    "title": "Realism",
    "author": [{"family": "Berg", "given": "Jean-Paul", "non-dropping-particle": "van der"}],
    "editor": [{"family": "Ed", "given": "Ann"}],
    "container-title": "A book",
    "page": "1-9",
}


def lines(*items: dict[str, Any], style: Style = Style.APA, form: Form = Form.TEXT) -> list[str]:
    written = b"".join(reference_list(items, style, form, "T")).decode()
    return written.translate(STRAIGHT).splitlines()


@pytest.mark.parametrize(
    ("style", "item", "line"),
    [
        (
            Style.APA,
            ARTICLE,
            (
                "Aunger, J. A., & Millar, R. (2021). Building trust. BMC Health Services Research, "
                "21(3), 602–610. https://doi.org/10.1/abc"
            ),
        ),
        (
            Style.VANCOUVER,
            ARTICLE,
            (
                "1. Aunger JA, Millar R. Building trust. BMC Health Services Research. "
                "2021;21(3):602–610. doi:10.1/abc"
            ),
        ),
        (
            Style.HARVARD,
            ARTICLE,
            (
                "Aunger, J.A. and Millar, R. (2021) 'Building trust', BMC Health Services "
                "Research, 21(3), pp. 602–610. Available at: https://doi.org/10.1/abc"
            ),
        ),
        (
            Style.APA,
            REPORT,
            (
                "Department of Health, Social Care and Ageing. (2019). The NHS Long Term Plan. "
                "NHS England. https://example.org/plan"
            ),
        ),
        (
            Style.VANCOUVER,
            REPORT,
            (
                "1. Department of Health, Social Care and Ageing. The NHS Long Term Plan. "
                "NHS England; 2019. Available from: https://example.org/plan"
            ),
        ),
        (
            Style.HARVARD,
            REPORT,
            (
                "Department of Health, Social Care and Ageing (2019) The NHS Long Term Plan. "
                "NHS England. Available at: https://example.org/plan"
            ),
        ),
        (
            Style.APA,
            CHAPTER,
            "van der Berg, J.-P. (n.d.). Realism. In A. Ed (Ed.), A book (pp. 1–9).",
        ),
        (
            Style.VANCOUVER,
            CHAPTER,
            "1. van der Berg J-P. Realism. In: A book. [date unknown]. p. 1–9.",
        ),
        (Style.HARVARD, CHAPTER, "van der Berg, J.-P. (no date) 'Realism', in A book, pp. 1–9."),
    ],
)
def test_a_reference_is_laid_out_as_the_style_says(
    style: Style, item: dict[str, Any], line: str
) -> None:
    assert lines(item, style=style) == [line]


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        ("A realist review.", "A realist review"),
        ("A <i>realist review.</i>", "A realist review"),
        ("And then...", "And then..."),
        ("And then…", "And then…"),
        ("Is it trust?", "Is it trust?"),
        ("Health care in the U.S.", "Health care in the U.S."),
        ("Smith et al.", "Smith et al."),
    ],
)
def test_a_title_is_printed_without_the_full_stop_that_databases_put(
    title: str, printed: str
) -> None:
    [line] = lines(ARTICLE | {"title": title}, style=Style.HARVARD)
    assert f"'{printed}', BMC" in line


def test_many_authors_are_shortened_as_each_style_does() -> None:
    names = [{"family": f"N{n}", "given": "A"} for n in range(1, 23)]
    item = {"title": "T", "author": names}
    assert "N19, A., … N22, A. (n.d.)" in lines(item)[0]
    assert "N20" not in lines(item)[0]
    assert "N6 A, et al. T." in lines(item, style=Style.VANCOUVER)[0]
    assert lines(item, style=Style.HARVARD)[0].startswith("N1, A. et al. (no date)")
    twenty = lines(item | {"author": names[:20]})[0]
    assert "N19, A., & N20, A." in twenty


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize(
    "item",
    [
        {},
        {"title": "Is it?", "issued": {"literal": "spring"}},
        {"title": "x", "issued": {"date-parts": []}, "author": "Ann", "editor": [3, {}]},
        {"title": ["x"], "page": {"a": 1}, "type": None, "volume": True},
        {"title": "x", "author": [{"family": "李", "given": "明"}, {"given": "Plato"}]},
        {"title": "\ue000<i>half & <script>", "custom": {"a": [1]}, "author": [{"suffix": "Jr."}]},
    ],
)
def test_no_odd_field_stops_a_list_or_leaves_stray_marks(
    style: Style, item: dict[str, Any]
) -> None:
    [line] = lines(item, style=style)
    assert not any(wrong in line for wrong in ("..", " .", " ,", "  ", "()", "\ue000"))
    [entry] = [one for one in lines(item, style=style, form=Form.HTML) if one.startswith("<li>")]
    assert "<script>" not in entry


def test_markup_of_titles_and_of_the_style_is_written_in_each_form() -> None:
    item = ARTICLE | {"title": "H<sub>2</sub>O & <i>E. coli</i>, 5 * 3 < 16"}
    assert "H2O & E. coli, 5 * 3 < 16" in lines(item)[0]
    markdown = lines(item, form=Form.MARKDOWN)[2]
    assert r"H<sub>2</sub>O & *E. coli*, 5 \* 3 \< 16. *BMC Health" in markdown
    page = "\n".join(lines(item, form=Form.HTML))
    assert "H<sub>2</sub>O &amp; <i>E. coli</i>, 5 * 3 &lt; 16. <i>BMC Health" in page


def test_lists_are_by_author_and_vancouver_is_numbered_as_they_come() -> None:
    items = (REPORT, ARTICLE)
    assert [line[:6] for line in lines(*items)] == ["Aunger", "Depart"]
    assert [line[:5] for line in lines(*items, style=Style.VANCOUVER)] == ["1. De", "2. Au"]
    assert len(list(cited(items, Style.APA))) == 2


def test_a_selection_of_sources_is_downloaded_as_a_reference_list(
    world: World, coder: Door, reader: Door
) -> None:
    for title, year in (("Building trust", 2021), ("Earlier", 1999)):
        body = {
            "title": title,
            "year": year,
            "authors": [{"family": "Aunger", "given": "Justin"}],
            "container_title": "Health",
            "doi": "10.1/x",
            "csl": {"volume": "3", "page": "1-2"},
        }
        assert coder.post(f"{world.base}/sources", json=body).status_code == 201
    url = f"{world.base}/sources/citations"
    answer = reader.get(url, params={"style": "harvard", "year_from": 2000})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.translate(STRAIGHT) == (
        "Aunger, J. (2021) 'Building trust', Health, 3, pp. 1–2. "
        "Available at: https://doi.org/10.1/x\n"
    )
    page = reader.get(url, params={"style": "vancouver", "format": "html"})
    assert page.text.count("<li>") == 2
    assert "references.html" in page.headers["content-disposition"]
    assert reader.get(url, params={"rigour": "great"}).status_code == 422
