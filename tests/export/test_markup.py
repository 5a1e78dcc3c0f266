"""Tables as Markdown and HTML: hostile words stay the text of their cell."""

from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

from app.export.markup import write_html, write_markdown
from app.export.writers import Cell, Column
from tests.conftest import Door, World

COLUMNS = (
    Column("quote_text", "Words | quoted", is_verbatim=True),
    Column("sources", "Sources"),
    Column("url", "Link", is_link=True),
)
URL = "https://example.org/reviews/x/quotes/5"
HOSTILE = (
    "</td></tr></table><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "a | b || c |",
    "ends with \\",
    r"\| escaped already \\|",
    "one\ntwo\r\nthree\rfour\u2028five\x85six",
    "`code | more` and ```fence",
    "*em* _em_ **strong** ~~gone~~ $x$",
    "[click](javascript:alert(1)) ![i](http://evil.example/x.png)",
    "[ref]: http://evil.example",
    "<https://evil.example> &lt;b&gt; &amp; &#60;",
    "\u202eright to left\u202c עברית العربية",
    "four bytes 😀🧪",
    "NUL-like \x01\x07\x1b[31m\x7f",
    "| --- | --- |",
    "--> <!-- ]]> <![CDATA[",
    "' \" onclick=alert(1)",
    "# heading\n- list\n> quote",
    "\ttab",
)


class Table(HTMLParser):
    """The cells of every row of the one table in a document, and every tag met."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "tr":
            self.rows.append([])
        elif tag in {"th", "td"}:
            self.rows[-1].append("")
            self.open = True
        elif tag == "br" and self.open:
            self.rows[-1][-1] += "\n"

    def handle_endtag(self, tag: str) -> None:
        if tag in {"th", "td"}:
            self.open = False

    def handle_data(self, data: str) -> None:
        if self.open:
            self.rows[-1][-1] += data


def shown(text: str) -> str:
    """What a reader is to see of a text: its lines, and a mark for what cannot be shown."""
    lines = "\n".join(text.replace("\u2028", "\n").replace("\x85", "\n").splitlines())
    return "".join(
        "\ufffd" if (ord(c) < 32 and c not in "\n\t") or c == "\x7f" else c for c in lines
    )


def as_html(rows: list[list[Cell]], **more: Any) -> str:
    about = {"title": "Trust <b>", "notes": ["Filters: text=</caption><script>."]} | more
    return b"".join(write_html(COLUMNS, rows, **about)).decode()


def as_markdown(rows: list[list[Cell]], **more: Any) -> str:
    about = {"title": "Trust <b>", "notes": ["Filters: text=</caption><script> | _x_."]} | more
    return b"".join(write_markdown(COLUMNS, rows, **about)).decode()


def rendered(markdown: str) -> Table:
    return Table(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(markdown))


def test_hostile_words_stay_the_text_of_their_cell_in_html() -> None:
    text = as_html([[words, 1, URL] for words in HOSTILE])
    table = Table(text)
    assert len(table.rows) == len(HOSTILE) + 1
    assert [row[0] for row in table.rows[1:]] == [shown(words) for words in HOSTILE]
    assert {len(row) for row in table.rows} == {3}
    known = {"html", "head", "meta", "title", "style", "body", "table", "caption", "p"}
    assert {tag for tag, _ in table.tags} == known | {"thead", "tbody", "tr", "th", "td", "a"}
    assert {a["href"] for tag, a in table.tags if tag == "a"} == {URL}
    assert [a for _, a in table.tags if any(name.startswith("on") for name in a)] == []
    assert "Trust &lt;b&gt;" in text


def test_hostile_words_stay_the_text_of_their_cell_in_markdown() -> None:
    text = as_markdown([[words, 1, URL] for words in HOSTILE])
    lines = text.splitlines()
    assert len(lines) == 6 + len(HOSTILE)
    table = rendered(text)
    assert {tag for tag, _ in table.tags} <= {
        *("h1", "p", "br", "table", "thead", "tbody", "tr", "th", "td", "a"),
    }
    assert {a["href"] for tag, a in table.tags if tag == "a"} == {URL}
    seen = [row[0] for row in table.rows[1:]]
    assert seen == [shown(words).replace("\t", " ").strip() for words in HOSTILE]
    assert {len(row) for row in table.rows} == {3}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "https://a b",
        'https://x/"><script>',
        "/reviews/x/quotes/5",
        "https://x/a)(b",
        "https://x/a|b`c",
    ],
)
def test_only_safe_addresses_become_links(url: str) -> None:
    for table in (Table(as_html([["", 0, url]])), rendered(as_markdown([["", 0, url]]))):
        assert len(table.rows) == 2
        assert len(table.rows[1]) == 3
        leads = [str(a["href"]) for tag, a in table.tags if tag == "a"]
        assert all(target.startswith("https://x/") for target in leads)
        assert not any(tag == "script" for tag, _ in table.tags)


def test_truth_numbers_and_nothing_read_as_people_write_them() -> None:
    row: list[Cell] = [None, True, None]
    assert Table(as_html([row, ["", 2.5, ""]])).rows[1:] == [["", "yes", ""], ["", "2.5", ""]]
    assert rendered(as_markdown([row, ["", 2.5, ""]])).rows[1:] == [
        ["", "yes", ""],
        ["", "2.5", ""],
    ]


def test_html_sets_the_words_of_sources_apart_and_asks_nobody() -> None:
    text = as_html([["their words", 1, URL]])
    cells = [a for tag, a in Table(text).tags if tag == "td"]
    assert [a.get("class") for a in cells] == ["said", "number", None]
    heads = [a for tag, a in Table(text).tags if tag == "th"]
    assert {a["scope"] for a in heads} == {"col"}
    assert "default-src &#x27;none&#x27;" in text
    for outside in ("<link", "<script", "<img", "@import", "url("):
        assert outside not in text


def test_rows_are_written_as_they_come() -> None:
    taken = 0

    def rows() -> Any:
        nonlocal taken
        for taken in range(1, 10_001):
            yield ["word " * 20, taken, URL]

    for write in (write_html, write_markdown):
        taken = 0
        first = next(write(COLUMNS, rows(), title="T", notes=[]))
        assert first
        assert taken < 1_000


def test_the_table_comes_in_every_kind_of_file(world: World, owner: Door) -> None:
    owner.post(f"{world.base}/sources", json={"title": "One"})
    body = {"evidence": [{"quote": {"source_id": 1, "exact": "a | <b>"}}]}
    owner.post(f"{world.base}/configurations", json=body)
    expected = {
        "md": ("text/markdown; charset=utf-8", r"a \| &lt;b&gt;"),
        "html": ("text/html; charset=utf-8", "a | &lt;b&gt;"),
    }
    for kind, (media_type, words) in expected.items():
        answer = owner.get(f"{world.base}/evidence-table?format={kind}&text=a")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media_type
        assert answer.headers["content-disposition"].startswith("attachment")
        assert words in answer.text
        assert "Filters: text=a." in answer.text
        assert "/reviews/trust-and-faith/quotes/1" in answer.text
