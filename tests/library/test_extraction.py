"""The text of PDF, Word and HTML files, and quotes found in it; bad files end in a clear answer."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings, strategies

from app.library.extraction import EXTRACTORS, Bounds, Extract, extract
from app.library.extractors import answer
from app.library.pdf_reading import page_starts, page_text
from tests.conftest import Door, World
from tests.library.paper import W, column, docx, pdf, turned

PDF, WORD, HTML = EXTRACTORS
BOUNDS = Bounds(seconds=20, megabytes=1024)
LEFT = "Trust needs to be in place before collab-\noration can begin, and this takes\ntime."
RIGHT = "The right column goes on with faith\nin the venture."


def read(content: bytes, media_type: str = PDF) -> Extract:
    return extract(content, media_type, BOUNDS)


def upload(door: Door, world: World, content: bytes, media_type: str, name: str) -> Any:
    door.post(f"{world.base}/sources", json={"title": "On trust"})
    return door.post(
        f"{world.base}/sources/1/documents",
        content=content,
        params={"file_name": name},
        headers={"Content-Type": media_type},
    )


def test_a_pdf_gives_its_pages_and_columns_in_reading_order() -> None:
    found = read(pdf([[*column(LEFT), *column(RIGHT, x=320)], column("The second page.")]))
    pages = found.text.split("\f")
    assert pages[0].index("takes") < pages[0].index("right column")
    assert pages[1] == "The second page."
    assert found.page_breaks == [len(pages[0]) + 1]
    assert found.text[found.page_breaks[0] :] == pages[1]


def test_a_divided_word_stays_divided_in_the_text_and_is_found_joined(
    world: World, coder: Door
) -> None:
    file = pdf([column(LEFT), column("Words go over the page be-"), column("cause paper ends.")])
    made = upload(coder, world, file, PDF, "trust.pdf")
    assert made.status_code == 201, made.text
    assert made.json()["extractor"] == "pdfium 2"
    text = coder.get(f"{world.base}/documents/1/text").json()["text"]
    assert "collab-\noration" in text
    for wording, page in (
        ("before collaboration can begin", "1"),
        ("over the page because paper ends", "2"),
    ):
        quote = coder.post(f"{world.base}/quotes", json={"source_id": 1, "exact": wording}).json()
        assert (quote["verification"], quote["page"]) == ("normalised", page), wording
        assert text[quote["start_at"] : quote["end_at"]].startswith(wording[:6])


@pytest.mark.parametrize("is_shown_upright", [False, True])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_turned_page_reads_like_any_other(turn: int, *, is_shown_upright: bool) -> None:
    text = "First comes a line,\nthen a second divi-\nded one,\nand it ends."
    page = turned(column(text), turn, is_shown_upright=is_shown_upright)
    assert read(page).text == text


def test_a_page_of_lines_set_downwards_reads_from_first_to_last() -> None:
    text = "First comes a line,\nthen a second."
    assert read(turned(column(text), 270, says_so=False, is_shown_upright=True)).text == text


def test_says_which_pages_have_no_text() -> None:
    page = column("Words.")
    found = read(pdf([page, [], [], page, []]))
    assert found.notes == ["3 pages without text, perhaps scanned: 2-3, 5"]
    assert found.text.count("\f") == 4


def test_the_notes_of_a_document_are_kept(world: World, coder: Door) -> None:
    made = upload(coder, world, pdf([column("Words."), []]), PDF, "half.pdf").json()
    assert made["notes"] == ["1 page without text, perhaps scanned: 2"]
    assert coder.get(f"{world.base}/documents/1").json()["notes"] == made["notes"]


PARAGRAPH = "<w:p><w:r><w:t>{}</w:t></w:r></w:p>"


@pytest.mark.parametrize(
    ("content", "media_type", "reason"),
    [
        (pdf([column("Secret.")], password="key"), PDF, "encrypted"),
        (pdf([[], []]), PDF, "no_text_layer"),
        (pdf([column(LEFT)])[:400], PDF, "damaged"),
        (b"%PDF-1.7\nnothing", PDF, "damaged"),
        (b"<!DOCTYPE html>\n<title>Sign in</title><p>Please sign in.", PDF, "html"),
        (docx(PARAGRAPH.format("Words"))[:-40], WORD, "damaged"),
        (b"PK\x03\x04 not a zip", WORD, "damaged"),
        (docx(""), WORD, "no_text"),
        (docx("<w:p>"), WORD, "damaged"),
        (b"<html><script>only()</script></html>", HTML, "no_text"),
    ],
)
def test_a_file_without_text_is_refused_with_the_reason_and_keeps_nothing(
    world: World, coder: Door, content: bytes, media_type: str, reason: str
) -> None:
    refused = upload(coder, world, content, media_type, "file")
    assert refused.status_code == 422, refused.text
    assert (refused.json()["code"], refused.json()["reason"]) == ("unreadable_document", reason)
    assert coder.get(f"{world.base}/sources/1/documents").json()["items"] == []


def test_a_scan_is_told_what_to_do() -> None:
    problem = answer(pdf([[]]), PDF)["problem"]
    assert "OCR" in problem
    assert "1 page," in problem


@pytest.mark.parametrize(
    "page",
    [
        b"<html><body>Please sign in.",
        b"\xef\xbb\xbf\r\n<!-- made -->\n<!doctype HTML><p>Not found.",
        b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x"><html>',
    ],
)
def test_a_page_of_the_publisher_saved_as_a_pdf_is_told_apart(page: bytes) -> None:
    found = answer(page, PDF)
    assert (found["reason"], "sign-in or error page" in found["problem"]) == ("html", True)
    assert "download the PDF anew" in found["problem"]


def bomb() -> bytes:
    """A Word file of 400 MB in 400 kB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"<w:document {W}>{' ' * 400_000_000}</w:document>")
    return file.getvalue()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr(
            "word/document.xml", f'<!DOCTYPE d [<!ENTITY a0 "ha">{entities}]><d>&a9;</d>'
        )
    return file.getvalue()


def test_a_bomb_costs_nothing() -> None:
    assert answer(bomb(), WORD)["reason"] == "too_large"
    assert answer(laughs(), WORD)["reason"] == "damaged"


@pytest.mark.parametrize("bounds", [Bounds(1, 1024), Bounds(20, 100)])
def test_a_child_that_takes_too_much_is_ended(bounds: Bounds) -> None:
    endless = b"<div>" * 3_000_000 + b"words " * 6_000_000
    with pytest.raises(Exception, match="seconds or") as refused:
        extract(endless, HTML, bounds)
    assert refused.value.extra["reason"] == "too_much_work"  # type: ignore[attr-defined]


def test_word_gives_paragraphs_tables_and_notes_without_what_was_deleted() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    body = (
        PARAGRAPH.format("One &amp; two")
        + "<w:p><w:ins><w:r><w:t>put in</w:t></w:r></w:ins>"
        + "<w:del><w:r><w:delText>gone</w:delText><w:t>gone</w:t></w:r></w:del>"
        + "<w:r><w:br/><w:t xml:space='preserve'> and on</w:t></w:r></w:p>"
        + f"<w:tbl><w:tr>{cell.format('a')}{cell.format('b')}</w:tr></w:tbl>"
    )
    text = read(docx(body, PARAGRAPH.format("A note.")), WORD).text
    assert text.startswith("One & two\nput in\n and on\n")
    assert "gone" not in text
    assert text.index("a\n\tb") < text.index("A note.")


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (b"<p>One <b>two</b>\n three<p>four", "One two three\nfour"),
        (b"<head><title>x</title><body>a<script>b<c</script><br>d", "a\nd"),
        (b"<table><tr><td>a</td><td>b</td></tr></table>", "a\tb"),
        (b"<pre>a  b\n  c</pre>", "a  b\n c"),
        ('<meta charset="utf-8">é'.encode(), "é"),
        ("caf\u00e9 \u201cx\u201d".encode("cp1252"), "café “x”"),
        ("<p>日本".encode("utf-16"), "日本"),
        ('<meta charset="gbk">信任'.encode("gbk"), "信任"),
        (b'<meta charset="iso-8859-1">\x93quoted\x94', "“quoted”"),
        (b'<meta charset="us-ascii">\x93quoted\x94 \x81', "“quoted” \x81"),
        (b'<meta charset="iso-8859-9">\xf0\x85', "ğ…"),
        (b'<meta charset="utf-16">caf\xe9', "café"),
        (b'<meta charset="hex">\x93quoted\x94', "“quoted”"),
        (b"<p>a &lt;script&gt; b &nbsp;c", "a <script> b \xa0c"),
        (b"<svg><text>no</text></svg></svg></script>yes", "yes"),
    ],
)
def test_html_gives_what_a_reader_would_see(page: bytes, text: str) -> None:
    assert answer(page, HTML)["text"].strip("\t") == text


@settings(max_examples=150)
@given(
    strategies.binary(max_size=2_000),
    strategies.sampled_from([b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html><body>"]),
    strategies.sampled_from(list(EXTRACTORS)),
)
def test_no_bytes_break_a_reader(content: bytes, start: bytes, media_type: str) -> None:
    found = answer(start + content, media_type)
    assert ("text" in found) != ("problem" in found)


@given(strategies.lists(strategies.text(max_size=20), min_size=1, max_size=8))
def test_pages_start_where_the_breaks_say(raw: list[str]) -> None:
    pages = [page_text(page) for page in raw]
    text, starts = "\f".join(pages), page_starts(pages) or []
    ends = [*(start - 1 for start in starts), len(text)]
    assert [text[a:b] for a, b in zip([0, *starts], ends, strict=True)] == pages


def test_the_kind_of_a_file_is_what_its_bytes_say(world: World, coder: Door) -> None:
    made = upload(coder, world, pdf([column("Words.")]), "text/plain", "paper.txt").json()
    assert (made["media_type"], made["extractor"]) == (PDF, "pdfium 2")


def test_strangers_and_readers_cost_no_reading(world: World) -> None:
    for who, status in (("stranger", 404), ("anonymous", 401), ("reader", 403)):
        answered = world.door(who).post(
            f"{world.base}/sources/1/documents",
            content=b"not a PDF at all",
            params={"file_name": "x.pdf"},
            headers={"Content-Type": PDF},
        )
        assert answered.status_code == status
