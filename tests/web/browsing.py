"""A browser without scripts, signed in as somebody: it fills forms in and sends them."""

from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote

from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.access.service import open_sign_in
from tests.conftest import World
from tests.web.test_sign_in_pages import Browser

SELF = {"sec-fetch-site": "same-origin"}


@dataclass
class Form:
    """A form of a page: where it goes, and its fields as the page fills them in."""

    action: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)
    said: str = ""
    """All words in it."""


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.inside: Form | None = None
        self.area = self.chosen = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = Form(given.get("action", ""), given.get("method", "get"))
            self.found.append(self.inside)
        if self.inside is None:
            return
        name = given.get("name", "")
        is_sent = given.get("type") not in {"checkbox", "radio", "file"} or "checked" in given
        if tag == "input" and name and is_sent:
            self.inside.fields[name] = given.get("value", "")
        elif tag == "textarea":
            self.area, self.inside.fields[name] = name, ""
        elif tag == "select":
            self.chosen = name
        elif tag == "option" and (self.chosen not in self.inside.fields or "selected" in given):
            self.inside.fields[self.chosen] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None
        elif tag == "textarea" and self.inside:
            self.inside.fields[self.area] = self.inside.fields[self.area].removeprefix("\n")
            self.area = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.inside.said += data
            if self.area:
                self.inside.fields[self.area] += data


def signed_in(world: World, session: Session, who: str) -> Browser:
    """Return a browser in which somebody is signed in."""
    secret = open_sign_in(session, world.users[who], lifetime=timedelta(hours=1))
    session.commit()
    browser = Browser(world.app)
    browser.cookies.set(COOKIE, secret)
    return browser


def form_on(browser: Browser, page: str, words: str) -> Form:
    """Return the one form of a page that holds some words."""
    answer = browser.get(page)
    assert answer.status_code == 200, answer.text
    [found] = [form for form in Forms(answer.text).found if words in form.said]
    return found


def fill_in(browser: Browser, page: str, words: str, **values: str) -> Any:
    """Send the form of a page that holds some words, with some fields filled in otherwise.

    In the names of fields `__` stands for what Python does not take: `_query.x` as `_query__x`.
    """
    form = form_on(browser, page, words)
    for name, value in values.items():
        plain = name.replace("__", ".")
        real = next((f for f in form.fields if f.rstrip("#[]/?") == plain), plain)
        form.fields[real] = value
    return browser.post(form.action, data=form.fields, headers=SELF)


def told(answer: Any) -> str:
    """Return what a form says was done, once it has done it."""
    assert answer.status_code == 303, answer.text
    cookie = answer.headers.get("set-cookie", "")
    return unquote(cookie.partition("retroduce_said=")[2].partition(";")[0])
