"""Any operation of the API as a plain HTML form: one more way to write a body, none more to write.

A form posts to the address of the operation. Its fields become the JSON body: `title`,
`elements.0.wording` for what is nested, `concepts[]` for lists, `choices[/]` of lines. A field
ending in `?` counts only where something else of its group was filled in, one ending in `#` is a
number or truth value, one ending in `@` or `_id` the number of what is cited: 17 of `C17 Small
promises`.
`items.0.^` says at which place of its list a row goes; where it is empty the row is left out.
An empty field is left out, or null where something is changed; one ending in `!` is left out there
too. What is percent-encoded in a name is a key as it stands. Browsers send line ends as CR LF
whatever was typed; they become LF again. Fields that begin with `_` are about the request:

`_method` PATCH, PUT or DELETE · `_version` for If-Match · `_key` for Idempotency-Key ·
`_query.NAME` a parameter of the address · `_path.NAME` something cited, whose number stands there
in place of {NAME} · `_next` the page to go on to and `_done` what to say there, both with `{id}`
for fields of the answer · `_show` the page that shows what is told only once · `_file` a file,
sent as the body · `_file_name` the parameter that takes its name.

A browser that sent the form itself is shown refusals as a page; a script gets the problem as is.
"""

import json
import mimetypes
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.forms import body_of, cited, filled
from app.web.rendering import TEMPLATES, local_path

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
METHODS = frozenset({"POST", "PATCH", "PUT", "DELETE"})
SAID = "retroduce_said"
SAID_SECONDS = 60
MOST_FIELDS = 20_000
MOST_SAID = 400
REFUSED = 400
SHOWN = {"token": "token_shown.html", "link": "link_shown.html"}
"""Pages of answers that are told only once: a secret must pass through no cookie or address."""
STAYING = {"HX-Push-Url": "false"}
DROPPED = frozenset({b"content-type", b"content-length", b"if-match", b"idempotency-key"})


@dataclass
class Answer:
    """What the operation answered, held back until it is known where the browser goes."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def take(self, message: Message) -> None:
        """Take a message that was meant for the browser."""
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message["headers"])
        else:
            self.body += message.get("body", b"")

    def told(self) -> dict[str, Any]:
        """Return the body where it is a JSON object, else nothing."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}


class FormBridge:
    """Hands forms posted to the API on as what the API takes, and sends browsers on afterwards."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take forms that are for the API; anything else passes."""
        if not _is_for_us(scope):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
            about = {name: value for name, value in form.items() if name.startswith("_")}
            inner, body = await _translated(scope, form, about)
        answer = Answer()
        await self.app(inner, _handing(body, receive), answer.take)
        await _response(request, answer, about)(scope, receive, send)


def _is_for_us(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "POST":
        return False
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    return scope["path"].startswith("/api/v1/") and kind in FORMS


async def _translated(scope: Scope, form: FormData, about: dict[str, Any]) -> tuple[Scope, bytes]:
    """Return the request the API is to see, and its body."""
    wanted = str(about.get("_method", "POST")).upper()
    method = wanted if wanted in METHODS else "POST"
    file = about.get("_file")
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    query += [
        (name.removeprefix("_query."), str(value))
        for name, value in form.multi_items()
        if name.startswith("_query.") and value
    ]
    if isinstance(file, UploadFile):
        body, kind = await file.read(), _kind_of(file)
        if about.get("_file_name") and file.filename:
            query.append((str(about["_file_name"]), file.filename))
    else:
        plain = [(n, str(v)) for n, v in form.multi_items() if not n.startswith("_")]
        has_body = bool(plain) and method != "DELETE"
        made = body_of(filled(plain), keep_empty=method in {"PATCH", "PUT"})
        body, kind = (json.dumps(made).encode() if has_body else b""), "application/json"
    headers = [(n, v) for n, v in scope["headers"] if n not in DROPPED]
    headers += [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    for name, header in (("_version", b"if-match"), ("_key", b"idempotency-key")):
        if about.get(name):
            headers.append((header, _header(name, str(about[name]))))
    inner = {**scope, "method": method, "headers": headers, "path": _path(scope["path"], about)}
    return inner | {"query_string": urlencode(query).encode()}, body


def _path(path: str, about: dict[str, Any]) -> str:
    """Put what is cited in fields where the address names them in braces."""
    for name, value in about.items():
        if name.startswith("_path."):
            number = quote(cited(str(value)), safe="")
            path = path.replace(f"{{{name.removeprefix('_path.')}}}", number)
    return path


def _header(name: str, value: str) -> bytes:
    text = f'"{value}"' if name == "_version" and value != "*" else value
    return text.encode("ascii", "replace").replace(b"\n", b"").replace(b"\r", b"")


def _kind_of(file: UploadFile) -> str:
    """Return the media type of a file; browsers know few, and say so by octet-stream."""
    said = (file.content_type or "").partition(";")[0]
    if said and said != "application/octet-stream":
        return said
    if (file.filename or "").lower().endswith((".md", ".markdown")):
        return "text/markdown"
    return mimetypes.guess_type(file.filename or "")[0] or "application/octet-stream"


def _handing(body: bytes, receive: Receive) -> Receive:
    """Return a channel that gives the body once, then what the browser does."""
    left = [body]

    async def hand() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return hand


def _response(request: Request, answer: Answer, about: dict[str, Any]) -> Response:
    """Send the browser on where the operation did its work, or show what it refused."""
    if answer.status >= REFUSED:
        return _refusal(request, answer)
    told = answer.told()
    if about.get("_show") in SHOWN and told:
        shown = TEMPLATES.get_template(SHOWN[str(about["_show"])]).render(answer=told)
        return HTMLResponse(shown, answer.status, {"Cache-Control": "no-store"} | STAYING)
    if not about.get("_next"):
        plain = Response(answer.body, answer.status)
        plain.raw_headers = answer.headers
        return plain
    page = RedirectResponse(local_path(_filled_in(str(about["_next"]), told, is_url=True)), 303)
    if about.get("_done"):
        said = _filled_in(str(about["_done"]), told, is_url=False)
        page.set_cookie(SAID, quote(said[:MOST_SAID]), max_age=SAID_SECONDS, samesite="lax")
    return page


def _filled_in(template: str, told: dict[str, Any], *, is_url: bool) -> str:
    """Put fields of the answer where the template names them in braces."""
    for name, value in told.items():
        if isinstance(value, str | int):
            template = template.replace(
                f"{{{name}}}", quote(str(value), safe="") if is_url else str(value)
            )
    return template


def _refusal(request: Request, answer: Answer) -> Response:
    problem = answer.told()
    is_scripted = "hx-request" in request.headers
    if problem and not is_scripted and "text/html" in request.headers.get("accept", ""):
        error = {**problem, "fields": problem.get("errors", [])}
        page = TEMPLATES.get_template("error.html").render(
            error=error, from_form=True, form_at=_came_from(request)
        )
        return HTMLResponse(page, answer.status)
    plain = Response(answer.body, answer.status)
    plain.raw_headers = answer.headers
    return plain


def _came_from(request: Request) -> str:
    """Return the path of the page the form stands on, as far as the browser says it."""
    page = urlsplit(request.headers.get("referer", ""))
    return local_path(f"{page.path}?{page.query}" if page.query else page.path)
