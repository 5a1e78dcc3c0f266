"""Pages in another language: a catalogue that marks each of its words, compiled as one would be."""

from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from typing import Any, cast

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from sqlalchemy.orm import Session

from app.web.rendering import HERE, TEMPLATES
from tests.conftest import World
from tests.web.browsing import signed_in
from tests.web.test_pages import PAGES, browser
from tests.web.test_sign_in_pages import link

__all__ = ["browser", "link"]

pytestmark = pytest.mark.sqlite_only


def marked(said: str) -> str:
    return f"⟦{said}⟧"


def compiled() -> GNUTranslations:
    """The catalogue of the pages with every message translated into itself, marked."""
    with (HERE / "locale" / "retroduce.pot").open("rb") as template:
        catalogue = read_po(template, locale="de")
    for message in catalogue:
        if message.id:
            said = message.id
            message.string = marked(said) if isinstance(said, str) else tuple(map(marked, said))
    file = BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return GNUTranslations(file)


@pytest.fixture
def translation() -> Iterator[None]:
    """Pages that speak from the marked catalogue."""
    names = ("gettext", "ngettext", "pgettext", "npgettext")
    before = {name: TEMPLATES.globals[name] for name in names if name in TEMPLATES.globals}
    made = compiled()
    speaking = cast("Any", TEMPLATES)
    speaking.install_gettext_callables(made.gettext, made.ngettext, newstyle=True)
    yield
    TEMPLATES.globals |= before


@pytest.mark.usefixtures("browser", "translation")
def test_every_page_speaks_another_language(world: World, session: Session) -> None:
    with signed_in(world, session, "owner") as owner:
        for path in (*PAGES, "/account/users"):
            answer = owner.get(path)
            assert (path, answer.status_code) == (path, 200)
            assert "⟦" in answer.text


def test_memberships_are_counted_for_one_and_for_many(world: World, session: Session) -> None:
    with signed_in(world, session, "owner") as owner:
        page = owner.get("/account/users").text
    assert "they stay a member of one review" in page
    assert "1 reviews" not in page
