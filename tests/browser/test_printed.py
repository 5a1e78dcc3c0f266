"""The pages of a PDF as printed: the words one points at are the words of the text.

Where a word stands is taken from PDFium itself, character by character, and turned into a place on
the screen here; nothing of that goes through the code that is tested.
"""

import io
import random
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfgen.canvas import Canvas

from tests.browser.scanning import FILTERS, scanned
from tests.coding.typesetting import paper, sentences

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

REVIEW = "/reviews/printed"
API = f"/api/v1{REVIEW}"
TITLES = iter(f"Printed {n}" for n in range(100))


def turned() -> bytes:
    """Three pages, turned by 90, 180 and 270 degrees."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    for turn in (90, 180, 270):
        canvas.setPageRotation(turn)
        for n, sentence in enumerate(sentences("english", 30, seed=turn)):
            canvas.drawString(60, 780 - 18 * n, sentence[:70])
        canvas.showPage()
    canvas.save()
    return file.getvalue()


PAPERS = {
    "two columns": lambda: paper(sentences("english", 200, seed=1), columns=2, heads=True),
    "hyphens and ligatures": lambda: paper(sentences("german", 110, seed=2), notes=True),
    "turned": turned,
}


class Word(NamedTuple):
    """A word by the PDF itself: where its middle is, in shares of the page as it is shown."""

    text: str
    x: float
    y: float


def words_of(page: pypdfium2.PdfPage) -> Iterator[Word]:
    text = page.get_textpage()
    raw = text.get_text_range()
    left, bottom, right, top = page.get_mediabox()
    for match in re.finditer(r"[^\s\ufffe]+", raw):
        boxes = [text.get_charbox(at) for at in range(match.start(), match.end())]
        x = (min(b[0] for b in boxes) + max(b[2] for b in boxes)) / 2
        y = (min(b[1] for b in boxes) + max(b[3] for b in boxes)) / 2
        u, v = (x - left) / (right - left), (y - bottom) / (top - bottom)
        place = {0: (u, 1 - v), 90: (v, u), 180: (1 - u, v), 270: (1 - v, 1 - u)}
        yield Word(match.group(), *place[page.get_rotation()])


def upload(page: Page, content: bytes) -> int:
    """Put a paper into a review of its own; return the number of the document."""
    page.request.post("/api/v1/reviews", data={"slug": "printed", "title": "Printed"})
    source = page.request.post(f"{API}/sources", data={"title": next(TITLES)}).json()["id"]
    made = page.request.post(
        f"{API}/sources/{source}/documents?file_name=paper.pdf",
        data=content,
        headers={"Content-Type": "application/pdf"},
    )
    assert made.ok, made.text()
    number: int = made.json()["id"]
    return number


def bare(words: str) -> str:
    """Words without what divides them at the end of a line."""
    return re.sub(r"-?\s+", " ", words.replace("-\n", ""))


def place(page: Page, number: int, word: Word) -> tuple[float, float]:
    box: Any = page.locator(f"#page-{number}").bounding_box()
    return box["x"] + word.x * box["width"], box["y"] + word.y * box["height"]


@pytest.mark.parametrize("kind", PAPERS)
def test_the_words_dragged_over_are_the_words_coded_on_every_page(page: Page, kind: str) -> None:
    content = PAPERS[kind]()
    number = upload(page, content)
    page.goto(f"{REVIEW}/documents/{number}/pdf")
    text = page.request.get(f"{API}/documents/{number}/text").json()["text"]
    chance = random.Random(kind)
    with pypdfium2.PdfDocument(content) as book:
        for at in range(len(book)):
            words = list(words_of(book[at]))
            first = chance.randrange(len(words) - 12)
            last = first + chance.randrange(1, 12)
            sheet = page.locator(f"#page-{at + 1}")
            sheet.scroll_into_view_if_needed()
            expect(sheet).to_have_attribute("data-drawn", "", timeout=20_000)
            page.evaluate(f"scrollTo(0, {scroll_to(page, at + 1, words[first].y)})")
            page.mouse.move(*place(page, at + 1, words[first]))
            page.mouse.down()
            page.mouse.move(*place(page, at + 1, words[last]), steps=4)
            page.mouse.up()
            page.keyboard.press("p")
            expect(page.locator("#status")).to_contain_text("Parked as Q")
            [quote] = re.findall(r"Q(\d+)", page.inner_text("#status"))
            read = page.request.get(f"{API}/quotes/{quote}").json()
            wanted = [word.text for word in words[first : last + 1]]
            assert re.findall(r"\S+", read["exact"]) == without_hyphen(wanted, read["exact"])
            assert text[read["start_at"] : read["end_at"]] == read["exact"]
            assert read["verification"] == "exact"
            page.keyboard.press("Escape")
            page.evaluate("document.getElementById('status').textContent = ''")


def without_hyphen(words: list[str], exact: str) -> list[str]:
    """PDFium leaves the hyphen that divides a word to its text; the canonical text writes it."""
    shown = re.findall(r"\S+", exact)
    return [s if s == f"{w}-" else w for w, s in zip(words, shown, strict=True)]


def scroll_to(page: Page, number: int, share: float) -> float:
    """Where the window begins when that height of a page is in the upper middle of it."""
    box: Any = page.locator(f"#page-{number}").bounding_box()
    top: float = page.evaluate("scrollY")
    return float(top + box["y"] + share * box["height"] - 350)


def test_pictures_of_scanners_are_drawn(page: Page) -> None:
    number = upload(page, scanned())
    page.goto(f"{REVIEW}/documents/{number}/pdf")
    sheet = page.locator("#page-1")
    expect(sheet).to_have_attribute("data-drawn", "", timeout=20_000)
    shown = Image.open(io.BytesIO(sheet.screenshot())).convert("L")
    scale = shown.width / 300
    for n, kind in enumerate(FILTERS):
        left, right = (
            shown.crop((x, y, x + 1, y + 1)).tobytes()[0]
            for x in (round((35 + 90 * n) * scale), round((75 + 90 * n) * scale))
            for y in [round(110 * scale)]
        )
        assert (kind, abs(left - right) > 200) == (kind, True)


def test_a_long_paper_with_many_quotes_is_drawn_as_it_is_read(page: Page) -> None:
    number = upload(page, paper(sentences("english", 2_100, seed=3)))
    text = page.request.get(f"{API}/documents/{number}/text").json()
    pages = page.request.get(f"{API}/documents/{number}/pages").json()["items"]
    assert len(pages) >= 30
    source = page.request.get(f"{API}/documents/{number}").json()["source_id"]
    step = len(text["text"]) // 200
    items = [
        {
            "source_id": source,
            "document_id": number,
            "exact": text["text"][at : at + 60],
            "start_at": at,
            "is_parked": True,
        }
        for at in range(0, 200 * step - 60, step)
    ]
    made = page.request.post(f"{API}/quotes/bulk", data={"items": items})
    assert made.ok, made.text()
    page.goto(f"{REVIEW}/documents/{number}/pdf")
    expect(page.locator("#page-1[data-drawn]")).to_be_visible(timeout=20_000)
    assert page.locator(".sheet").count() == len(pages)
    assert page.locator(".sheet canvas").count() < 6
    assert page.locator("#page-1 .over.found-exact").count() >= 3
    for share in (0.3, 0.6, 1.0, 0.0):
        page.evaluate(f"scrollTo(0, document.body.scrollHeight * {share})")
        page.wait_for_timeout(300)
    expect(page.locator("#page-1[data-drawn]")).to_be_visible(timeout=20_000)
    assert page.locator(".sheet canvas").count() <= 12


INK = """canvas => {
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) dark += data[at] < 128 && data[at + 3] > 128;
  return dark;
}"""


@pytest.mark.parametrize(
    ("font", "words", "brought"),
    [
        ("Helvetica", "Trust takes time", ""),  # by the machine, where it has one like it
        ("ZapfDingbats", "abcdefgh", "standard_fonts/"),
        ("HeiseiMin-W3", "信頼には時間", "cmaps/"),
    ],
)
def test_fonts_that_a_pdf_does_not_bring_are_brought_by_us(
    page: Page, font: str, words: str, brought: str
) -> None:
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True)
    if font not in canvas.getAvailableFonts():
        registerFont(UnicodeCIDFont(font))
    canvas.setFont(font, 40)
    canvas.drawString(60, 700, words)
    canvas.save()
    number = upload(page, file.getvalue())
    answered: list[tuple[str, int]] = []
    failed: list[str] = []
    page.context.on("response", lambda got: answered.append((got.url, got.status)))
    page.context.on("requestfailed", lambda request: failed.append(request.url))
    page.goto(f"{REVIEW}/documents/{number}/pdf")
    sheet = page.locator("#page-1[data-drawn]")
    expect(sheet).to_be_visible(timeout=20_000)
    assert sheet.locator("canvas").evaluate(INK) > 300
    assert failed == []
    assert [one for one in answered if one[1] >= 400] == []
    assert any(brought in url for url, _ in answered), [url for url, _ in answered]


def test_keys_code_on_printed_pages_and_step_by_sentence(page: Page) -> None:
    number = upload(page, paper(sentences("english", 12, seed=4)))
    page.goto(f"{REVIEW}/documents/{number}/pdf")
    expect(page.locator("#page-1[data-drawn]")).to_be_visible(timeout=20_000)
    for _ in range(3):
        page.keyboard.press("j")
    expect(page.locator(".over.chosen").first).to_be_visible()
    page.keyboard.press("n")
    page.fill("[name=context_wording]", "a site")
    page.fill("[name=outcome_wording]", "an outcome")
    page.click("#dialog-configuration [value=code]")
    expect(page.locator("#status")).to_contain_text("Coded as C")
    expect(page.locator("#coded li")).to_have_count(1)
    expect(page.locator(".over.found-exact").first).to_be_visible()
    page.keyboard.press("z")
    expect(page.locator("#status")).to_contain_text("Taken back")
    expect(page.locator("#coded li")).to_have_count(0)
    expect(page.locator(".over.found-exact")).to_have_count(0)


def test_an_address_with_a_quote_shows_it_on_its_page(page: Page) -> None:
    number = upload(page, paper(sentences("english", 300, seed=5)))
    text = page.request.get(f"{API}/documents/{number}/text").json()["text"]
    source = page.request.get(f"{API}/documents/{number}").json()["source_id"]
    exact = text[-150:-80].strip()
    body = {"source_id": source, "document_id": number, "exact": exact}
    quote = page.request.post(f"{API}/quotes", data=body).json()["id"]
    page.goto(f"{REVIEW}/documents/{number}/pdf?quote={quote}")
    expect(page.locator(".over.chosen").first).to_be_in_viewport(timeout=20_000)
    page.goto(f"{REVIEW}/documents/{number}/pdf")
    page.keyboard.press("/")
    page.keyboard.type(exact[:20])
    page.keyboard.press("Enter")
    expect(page.locator("#find-told")).to_contain_text("1 of")
    expect(page.locator(".over.chosen").first).to_be_in_viewport(timeout=20_000)
