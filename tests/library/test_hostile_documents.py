"""Files that are scanned, locked, cut off, odd or hostile: a clear answer, within bounds."""

import io
import random
import re
import time
import zlib
from collections.abc import Iterable

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from app.errors import UnreadableDocumentError
from app.library.extraction import EXTRACTORS, Bounds, Extract, extract
from app.library.extractors import answer
from tests.coding.typesetting import paper, sentences
from tests.library.paper import column, docx, pdf

PDF, WORD, HTML = EXTRACTORS
BOUNDS = Bounds(seconds=10, megabytes=1024)


def reason(content: bytes, media_type: str = PDF, bounds: Bounds = BOUNDS) -> tuple[str, str]:
    with pytest.raises(UnreadableDocumentError) as refused:
        extract(content, media_type, bounds)
    return refused.value.extra["reason"], refused.value.detail


def read(content: bytes) -> Extract:
    return extract(content, PDF, BOUNDS)


def hand_made(objects: Iterable[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1, the first its root; its table is left to PDFium."""
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % pair for pair in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF"


def test_two_columns_read_one_after_the_other_and_notes_come_last() -> None:
    text = read(paper(sentences("english", 60, 1), columns=2, heads=True, notes=True)).text
    first = text.split("\f")[0]
    assert first.startswith("Trust in partnerships of hospitals 1")
    assert first.endswith("1 A note of page 1, on what was said there.")
    joined = re.sub(r"-\n", "", first).replace("\n", " ")
    numbers = [int(n) for n in re.findall(r"(?:site|ward|team) (\d+)", joined)]
    assert numbers == sorted(numbers)
    assert len(numbers) > 20


def test_ligatures_and_divided_words_stay_as_they_were_set() -> None:
    text = read(paper(sentences("english", 60, 1), columns=2)).text
    assert re.search(r"[a-z]-\n[a-z]", text)
    assert "of\ufb01cials" in text or "officials" in text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_turned_in_any_way_gives_its_words(turn: int) -> None:
    assert "the right way up" in read(pdf([column("Words the right way up.")], rotated=turn)).text


def test_a_file_locked_only_against_printing_is_read() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("", ownerPassword="owner", canPrint=0))
    canvas.drawString(72, 700, "Open to read.")
    canvas.save()
    assert read(file.getvalue()).text == "Open to read."


def test_a_locked_and_a_scanned_file_say_what_to_do() -> None:
    word, sentence = reason(pdf([column("Secret.")], password="key"))
    assert (word, "without a password" in sentence) == ("encrypted", True)
    word, sentence = reason(pdf([[], [], []]))
    assert (word, "its 3 pages" in sentence, "OCR" in sentence) == ("no_text_layer", True, True)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_off_is_refused_or_says_which_pages_are_missing(share: float) -> None:
    whole = pdf([column(f"Page {n} has words.") for n in range(1, 21)])
    found = answer(whole[: int(len(whole) * share)], PDF)
    if "problem" in found:
        assert found["reason"] in {"damaged", "no_text_layer"}
    else:
        texts = found["text"].split("\f")
        missing = [n for n, text in enumerate(texts, start=1) if not text.strip()]
        assert bool(missing) == bool(found["notes"])


def test_text_in_letters_nobody_can_tell_is_noted() -> None:
    stream = b"BT /F1 12 Tf 72 700 Td (" + b"\\001\\002\\003\\004" * 20 + b") Tj ET"
    font = (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Odd /Encoding << /Differences [1 /g1 /g2] >> >>"
    )
    content = hand_made(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R>>>>>>",
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
            font,
        ]
    )
    found = answer(content, PDF)
    assert "problem" in found or "letters that cannot be told" in " ".join(found["notes"])


def test_pages_that_contain_each_other_and_pages_without_end_are_survived() -> None:
    loop = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>",
    ]
    many = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 2000000000 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e38 nan] >>",
    ]
    began = time.perf_counter()
    for objects in (loop, many):
        assert reason(hand_made(objects))[0] in {"damaged", "no_text_layer", "too_much_work"}
    assert time.perf_counter() - began < 60


def test_a_stream_that_swells_is_stopped_within_bounds() -> None:
    swollen = zlib.compress(b"0 0 m " * 15_000_000, 1)
    packed = zlib.compress(b"BT (x) Tj ET " * 3_000_000, 1)
    for stream in (swollen, packed):
        content = hand_made(
            [
                b"<< /Type /Catalog /Pages 2 0 R >>",
                b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
                b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream"
                % (len(stream), stream),
            ]
        )
        assert reason(content, bounds=Bounds(1, 256))[0] in {"too_much_work", "no_text_layer"}


def test_random_damage_never_breaks_the_reader() -> None:
    whole, chance = pdf([column("Some words."), column("More words.")]), random.Random(1)
    for _ in range(60):
        broken = bytearray(whole)
        for _ in range(chance.randrange(1, 30)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        found = answer(bytes(broken), PDF)
        assert ("text" in found) != ("problem" in found)


def test_the_doi_a_publisher_wrote_into_a_pdf_is_known() -> None:
    whole = pdf([column("Words.")])
    packet = b"\n% <prism:doi>10.1186/s12913-021-06630-9</prism:doi>\n"
    assert answer(whole + packet, PDF)["properties"] == {"doi": "10.1186/s12913-021-06630-9"}


def test_word_and_html_files_say_what_they_are() -> None:
    core = (
        '<cp:coreProperties xmlns:cp="x" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>On trust</dc:title><dc:creator>A. Ortiz</dc:creator></cp:coreProperties>"
    )
    paragraph = "<w:p><w:r><w:t>Words.</w:t></w:r></w:p>"
    found = answer(docx(paragraph, core=core), WORD)
    assert found["properties"] == {"title": "On trust", "author": "A. Ortiz"}
    page = (
        b'<title>T</title><meta name="citation_doi" content="10.1/x"><svg><title>no</title></svg>a'
    )
    assert answer(page, HTML)["properties"] == {"title": "T", "doi": "10.1/x"}
