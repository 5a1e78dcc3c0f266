"""Every word of the interface goes through the catalogue."""

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import nodes

from app.web.rendering import HERE, TEMPLATES

SPOKEN = {"aria-label", "title", "placeholder", "alt"}
UNSPOKEN = {"code", "pre", "kbd", "script", "style", "cite"}
NAMES = {"Retroduce", "API", "ISSN", "DOI", "PMID", "PRISMA", "CSV", "JSON"}
FILLED = "\0"
TEMPLATE_FILES = sorted(path.name for path in (HERE / "templates").rglob("*.html"))


class Spoken(HTMLParser):
    """The words of a page that did not come out of an expression."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.words += [value for name, value in attrs if name in SPOKEN and value]
        if tag in UNSPOKEN:
            self.inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if not self.inside:
            self.words.append(data)


def written(template: str) -> str:
    """What a template says itself, with a mark where an expression fills something in."""
    text = (HERE / "templates" / template).read_text()

    def parts(node: nodes.Node) -> Iterator[str]:
        for child in node.iter_child_nodes():
            if isinstance(child, nodes.TemplateData):
                yield child.data
            elif isinstance(child, nodes.Expr):
                yield FILLED if isinstance(node, nodes.Output) else ""
            else:
                yield from parts(child)

    return "".join(parts(TEMPLATES.parse(text)))


def unspoken(template: str) -> list[str]:
    """Words that stand in a template and in no catalogue."""
    found = [word for text in Spoken(written(template)).words for word in text.split(FILLED)]
    return [text.strip() for text in found if set(re.findall(r"[A-Za-z]{2,}", text)) - NAMES]


@pytest.mark.parametrize("template", TEMPLATE_FILES)
def test_the_words_of_a_template_go_through_the_catalogue(template: str) -> None:
    assert unspoken(template) == []


def test_the_catalogue_is_current(tmp_path: Path) -> None:
    made = tmp_path / "words.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    options = ["--mapping-file=babel.cfg", "--no-location", f"--output={made}", "app/web"]
    subprocess.run([*command, *options], check=True, cwd=HERE.parent.parent)
    assert messages(made) == messages(HERE / "locale" / "retroduce.pot"), "run `make messages`"


def messages(path: Path) -> set[str]:
    """The messages of a catalogue, each as it is written in the file."""
    blocks = path.read_text().split("\n\n")[1:]
    return {re.sub(r'"\n"', "", block[block.index("msgid") :]).strip() for block in blocks if block}
