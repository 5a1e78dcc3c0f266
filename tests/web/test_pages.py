import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.access.identity import COOKIE
from app.errors import AppError
from app.web import pages
from app.web.rendering import doi_url, web_url
from tests.conftest import World
from tests.theory.material import ANY
from tests.web.test_sign_in_pages import Browser, link

__all__ = ["link"]

pytestmark = pytest.mark.sqlite_only

HOME = "/reviews/trust-and-faith"
EVIL = "<script>alert(1)</script></mark>"
PAGES = (
    *("/", HOME, f"{HOME}/matrix", f"{HOME}/matrix?rows=mechanism&depth_columns=1&through=K2*"),
    *(f"{HOME}/matrix?cell=context:K1&cell=outcome:K3:reduced&shading=true&stances=true",),
    *(f"{HOME}/configurations", f"{HOME}/configurations/1", f"{HOME}/configurations/2"),
    *(f"{HOME}/quotes", f"{HOME}/quotes/1", f"{HOME}/sources", f"{HOME}/sources/1"),
    *(f"{HOME}/concepts", f"{HOME}/concepts/1", f"{HOME}/concepts/2", f"{HOME}/check"),
    *(f"{HOME}/evidence", f"{HOME}/evidence?per=configuration"),
    *(f"{HOME}/evidence?group=outcome_concepts&source_kind=review", f"{HOME}/views"),
    *(f"{HOME}/chains", f"{HOME}/chains?from=K1&possible=true"),
    *(f"{HOME}/links", f"{HOME}/links?kind=feeds", f"{HOME}/theories", f"{HOME}/memos"),
    *(f"{HOME}/theories/1", f"{HOME}/check?only=quote_untied", f"{HOME}/history?kind=C&number=1"),
    *(f"{HOME}/links/1", f"{HOME}/links/new?from_id=1", f"{HOME}/memos/1", f"{HOME}/concepts/3"),
    *(f"{HOME}/concepts/alike", f"{HOME}/concepts/2/merge?into=K3", f"{HOME}/concepts/2/split"),
    *(f"{HOME}/concepts?text=d&edit=2", f"{HOME}/concepts?only=once"),
    *(f"{HOME}/configurations?sort=sources", f"{HOME}/configurations/2/evidence"),
    *(f"{HOME}/configurations/1/evidence?n=1", f"{HOME}/configurations/1/mirror"),
    *(f"{HOME}/configurations/{what}?ids=1&ids=2" for what in ("compare", "consolidate", "change")),
    *(f"{HOME}/history", f"{HOME}/history?kind=C", f"{HOME}/history/4", f"{HOME}/history/5"),
    *(f"{HOME}/flow", f"{HOME}/flow?origin=other&end=awaiting&stage_id=1"),
    *(f"{HOME}/history/9", f"{HOME}/sources?field=note:any&text=script"),
    *(f"{HOME}/search", f"{HOME}/search?q=script", f"{HOME}/search?q=-script"),
    *("/reviews/new", "/account", f"{HOME}/jobs", f"{HOME}/settings", f"{HOME}/members"),
    *(f"{HOME}/sources?end=awaiting&stage_id=1", f"{HOME}/sources?has_text=false&search_id=1"),
    *(f"{HOME}/sources/1/records", f"{HOME}/sources/1/screening", f"{HOME}/sources/1/appraisal"),
    *(f"{HOME}/imports", f"{HOME}/imports/1", f"{HOME}/duplicates", f"{HOME}/duplicates/decided"),
    *(f"{HOME}/screening", f"{HOME}/screening/retrieval", f"{HOME}/screening/1/conflicts"),
    *(f"{HOME}/documents", f"{HOME}/documents/verification"),
    *("/docs", "/docs/errors", "/sign-in", "/help", "/tour"),
)


def configurations(many: int) -> list[dict[str, Any]]:
    """Configurations whose first half has context K1, all of them outcome K3."""
    return [
        {
            "title": f"{EVIL} {i}",
            "elements": [
                {"role": "context", "wording": EVIL, "concept_id": 1 if i < many // 2 else 2},
                {"role": "mechanism", "wording": "read as duty", "concept_id": 2},
                {"role": "outcome", "wording": "trust", "concept_id": 3, "state": "reduced"},
            ],
            "evidence": [
                {"quote": {"source_id": 1, "exact": f"{EVIL} words {i}"}, "rationale": EVIL},
                {"source_id": 1, "paraphrase": EVIL, "stance": "refutes", "page": "4"},
            ],
        }
        for i in range(many)
    ]


@pytest.fixture
def browser(world: World, link: str) -> Iterator[Browser]:
    """A signed-in reader of a review full of text that would like to be code."""
    owner = world.door("owner")
    note = {"subject": "source", "name": "note", "type": "text", "label": EVIL}
    source = {"title": EVIL, "url": "javascript:alert(1)", "doi": "10.1/<x>", "abstract": EVIL}
    ground = {"configuration_id": 1, "reason": EVIL}
    verdict = {"verdict": "revised", "decided_on": "2026-03-02", "reason": EVIL}
    proposition = {"statement": EVIL, "grounds": [ground], "verdicts": [verdict]}
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("fields", note),
        ("sources", {**source, "fields": {"note": EVIL}}),
        ("concepts", {"label": EVIL, "referent": EVIL, "definitions": [{"text": EVIL}]}),
        ("concepts", {"label": "duty", "parent_id": 1, "aliases": [EVIL]}),
        ("concepts", {"label": "trust", "referent": "between partners"}),
        ("configurations/bulk", {"items": configurations(4)}),
        ("links", {"kind": "feeds", "from_id": 1, "to_id": 2, "reason": EVIL}),
        ("memos", {"kind": "theory", "text": EVIL}),
        ("theories", {"title": EVIL, "description": EVIL, "propositions": [proposition]}),
        ("recommendations", {"text": EVIL, "theory_id": 1, "configurations": [1]}),
        ("searches", {"database": EVIL, "query": EVIL, "reason": EVIL, "phase": EVIL}),
        ("sources", {"title": f"{EVIL} again", "abstract": EVIL}),
        ("appraisals", {"source_id": 1, "dimension": "rigour", "level": "low", "rationale": EVIL}),
        ("views", {"slug": "evil", "title": EVIL, "kind": "sources", "query": {"text": EVIL}}),
    ]
    for path, body in bodies:
        made = owner.post(f"{world.base}/{path}", json=body)
        assert made.status_code == 201, made.text
    decision = {"source_id": 1, "stage_id": 1, "verdict": "unsure", "note": EVIL}
    assert owner.post(f"{world.base}/decisions", json=decision).status_code == 200
    pair = {"source_id": 1, "other_id": 2, "choice": "apart"}
    decided = owner.post(f"{world.base}/duplicates/decisions", json={"items": [pair]})
    assert decided.status_code == 200
    owner.patch(f"{world.base}/sources/1", json={"fields": {"note": None}}, headers=ANY)
    back = {"fields": {"note": EVIL}}
    owner.patch(f"{world.base}/sources/1", params={"reason": EVIL}, json=back, headers=ANY)
    browser = Browser(world.app)
    browser.post(link)
    yield browser
    browser.close()


class Seen(HTMLParser):
    """What an HTML page holds that a strict policy, or a careful reader, minds."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.addresses: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.labelled: set[str] = set()
        self.fields: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        is_code = tag == "script" and given.get("type") != "application/json"
        if tag == "style" or (is_code and "src" not in given):
            self.inline.append(tag)
        self.addresses += [
            (tag, given[name], given.get("rel", ""))
            for name in ("src", "href", "action")
            if name in given
        ]
        self.ids += [given["id"]] if "id" in given else []
        self.headings += [tag] if tag == "h1" else []
        if tag == "label":
            self.labelled.add(given["for"])
        if tag in {"select", "input"} and given.get("type") != "hidden":
            self.fields.add(given["id"])


@pytest.fixture
def queries(store: Engine) -> Iterator[list[str]]:
    """Statements sent to the database, as they are sent."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(store, "before_cursor_execute", note)
    yield sent
    event.remove(store, "before_cursor_execute", note)


def test_every_page_is_sound(browser: Browser, queries: list[str]) -> None:
    for path in PAGES:
        queries.clear()
        answer = browser.get(path)
        assert (path, answer.status_code) == (path, 200)
        reads = [q for q in queries if not q.startswith(("SAVEPOINT", "RELEASE"))]
        assert (path, len(reads) <= 20) == (path, True), reads
        check_page(path, answer.text)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


def test_pages_are_packed_and_what_programs_read_is_not(browser: Browser) -> None:
    page = browser.get("/reviews/trust-and-faith/configurations")
    assert page.headers["content-encoding"] == "gzip"
    assert int(page.headers["content-length"]) < len(page.content) / 2
    read = browser.get("/api/v1/reviews/trust-and-faith/configurations?limit=500")
    assert "content-encoding" not in read.headers


def check_page(path: str, text: str) -> None:
    seen = Seen(text)
    assert (path, seen.inline) == (path, [])
    assert "<script>" not in text
    assert text.count("</mark>") == text.count("<mark>")  # ours, in what was found; EVIL has one
    assert (path, len(seen.headings)) == (path, 1)
    assert (path, len(seen.ids)) == (path, len(set(seen.ids)))
    assert (path, seen.fields - seen.labelled) == (path, set())
    for tag, address, rel in seen.addresses:
        is_local = address.startswith(("/", "#", "?")) and not address.startswith("//")
        is_reference = tag == "a" and address.startswith("https://doi.org/") and "noopener" in rel
        assert is_local or is_reference, (path, tag, address)


def test_links_of_every_page_lead_somewhere(browser: Browser) -> None:
    found = {
        address.partition("#")[0]
        for path in PAGES
        for tag, address, _ in Seen(browser.get(path).text).addresses
        if address.startswith("/") and tag != "form" and "/evidence-table" not in address
    }
    wanted = {a for a in found if a and not a.startswith("/static/vendor/")}
    assert {a: c for a in wanted if (c := browser.get(a).status_code) != 200} == {}


def test_a_cell_of_the_matrix_lists_exactly_what_it_counts(browser: Browser) -> None:
    text = browser.get(f"{HOME}/matrix").text
    cells = re.findall(
        r'<td class="shade[^"]*"[^>]*><a href="([^"]+)".*?<b>\d+</b> <small>(\d+)', text
    )
    assert len(cells) == 2
    for address, configurations in cells:
        opened = browser.get(f"{HOME}/matrix{unescape(address)}").text
        beside = opened.partition('id="drawer"')[2]
        assert beside.count('class="title"') == int(configurations) == 2
        [listed] = re.findall(r'href="([^"]+/configurations\?[^"]+)"', beside)
        assert browser.get(unescape(listed)).text.count('class="title"') == 2


def test_lists_go_on_where_a_page_ends(browser: Browser) -> None:
    first = browser.get(f"{HOME}/configurations?limit=3&has=outcome:K3").text
    assert first.count('class="title"') == 3
    [following] = re.findall(r'rel="next"[^>]*href="([^"]+)"', first)
    second = browser.get(f"{HOME}/configurations{unescape(following)}").text
    assert re.findall(r'class="title" href="[^"]*/(\d+)"', second) == ["4"]
    assert 'rel="next"' not in second


def test_blank_fields_of_a_form_ask_for_nothing(browser: Browser) -> None:
    blank = browser.get(f"{HOME}/matrix?rows=context&through=&depth_rows=&split_columns=false")
    assert blank.status_code == 200
    assert "reduced" not in blank.text


def test_a_wrong_address_says_which_part(browser: Browser) -> None:
    answer = browser.get(f"{HOME}/matrix?rows=nonsense")
    assert (answer.status_code, "query.rows" in answer.text) == (422, True)
    check_page("error", answer.text)


def test_a_stranger_sees_what_anybody_sees_of_no_review(world: World, browser: Browser) -> None:
    stranger = world.door("stranger")
    for rest in ("", "/matrix", "/configurations/1"):
        pages = [
            stranger.get(f"/reviews/{slug}{rest}", headers={"Accept": "text/html"})
            for slug in ("trust-and-faith", "no-such-review")
        ]
        assert [page.status_code for page in pages] == [404, 404]
        assert pages[0].text == pages[1].text.replace("no-such-review", "trust-and-faith")


def test_a_new_person_is_told_how_to_begin(world: World) -> None:
    text = world.door("stranger").get("/", headers={"Accept": "text/html"}).text
    assert "You are in none yet" in text
    assert f'href="{HOME}"' not in text


def test_an_empty_review_teaches_on_every_page(world: World) -> None:
    reader = world.door("reader")
    rest: tuple[str, ...] = (
        "",
        "/matrix",
        "/configurations",
        "/quotes",
        "/sources",
        "/concepts",
        "/evidence",
    )
    rest += ("/links", "/theories", "/memos", "/history?kind=Q", "/views", "/chains")
    for path in rest:
        answer = reader.get(HOME + path, headers={"Accept": "text/html"})
        assert (path, answer.status_code, 'class="teach"' in answer.text) == (path, 200, True)


def test_every_error_code_is_explained(world: World) -> None:
    text = world.door("anonymous").get("/docs/errors").text
    codes = {error.code for error in AppError.__subclasses__()}
    assert codes <= set(re.findall(r'<tr id="([a-z_]+)">', text))


def test_docs_without_their_files_say_how_to_get_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "SWAGGER", world.app.state.settings.data_dir / "nowhere.js")
    assert "make static" in world.door("anonymous").get("/docs").text


def test_only_addresses_of_the_web_become_links() -> None:
    assert [web_url(a) for a in ("javascript:x", "data:x", "//e.org", "http://[", None)] == [
        None
    ] * 5
    assert web_url("https://example.org/a") == "https://example.org/a"
    assert doi_url("https://doi.org/10.1/a b") == "https://doi.org/10.1/a%20b"
    assert doi_url("doi: 10.1136/bmj.b1") == "https://doi.org/10.1136/bmj.b1"
    assert [doi_url(a) for a in ("not a doi", "10.1136", "https://e.org/10.1/a", "", None)] == [
        None
    ] * 5


def test_the_cookie_is_no_key_to_another_review(browser: Browser, session: Session) -> None:
    assert COOKIE in browser.cookies
    assert browser.get("/reviews/no-such-review").status_code == 404


def test_the_history_shows_who_why_what_and_before_to_after(browser: Browser) -> None:
    listed = unescape(browser.get(f"{HOME}/history").text)
    first = re.findall(r'class="title" href="([^"]+)">([^<]+)<', listed)[0]
    assert first[1] == "S1: fields changed"
    assert "Owner" in listed
    shown = browser.get(first[0]).text
    assert '<span class="nothing">nothing</span> → <ins>' in shown
    assert "&lt;script&gt;" in shown
    assert "Owner, <time" in shown
    assert shown.count('<p class="head">') == 1


def test_the_history_goes_on_with_what_came_before(world: World, browser: Browser) -> None:
    for i in range(60):
        world.door("owner").post(f"{world.base}/memos", json={"kind": "method", "text": f"{i}"})
    first = browser.get(f"{HOME}/history?kind=M").text
    [following] = re.findall(r'rel="next"[^>]*href="([^"]+)"', first)
    second = browser.get(f"{HOME}/history{unescape(following)}").text
    seen = [re.findall(r'<li id="H(\d+)">', page) for page in (first, second)]
    assert [len(page) for page in seen] == [50, 11]
    assert 'rel="next"' not in second
    numbers = [int(number) for page in seen for number in page]
    assert numbers == sorted(numbers, reverse=True)


def test_a_saved_view_opens_its_page_from_the_overview(world: World, browser: Browser) -> None:
    body = {"slug": "grid", "title": "Grid", "kind": "matrix", "query": {"rows": "mechanism"}}
    assert world.door("coder").post(f"{world.base}/views", json=body).status_code == 201
    text = browser.get(HOME).text
    [leads] = re.findall(r'href="([^"]+)">Grid<', text)
    assert leads == f"{HOME}/matrix?rows=mechanism"
    assert "Mechanism by outcome" in browser.get(leads).text


def test_what_is_cited_leads_to_where_it_stands(world: World, browser: Browser) -> None:
    memo = {"kind": "theory", "text": "why", "subject_kind": "L", "subject_id": 1}
    assert world.door("coder").post(f"{world.base}/memos", json=memo).status_code == 201
    text = browser.get(f"{HOME}/memos").text
    assert 'id="T1.1"' in browser.get(f"{HOME}/theories/1").text
    assert '<li id="R1">' in browser.get(f"{HOME}/theories").text
    assert f'href="{HOME}/links/1"' in text
    assert "why" in browser.get(f"{HOME}/links/1").text


def test_own_fields_stand_on_the_page_by_their_label(world: World, browser: Browser) -> None:
    owner = world.door("owner")
    of = {"subject": "configuration", "name": "stage", "label": "Stage of it", "type": "choices"}
    owner.post(f"{world.base}/fields", json={**of, "choices": ["pilot", "roll-out"]})
    values = {"fields": {"stage": ["pilot", "roll-out"]}}
    owner.patch(f"{world.base}/configurations/1", json=values, headers=ANY)
    text = browser.get(f"{HOME}/configurations/1").text
    assert "<dt>Stage of it</dt><dd>pilot; roll-out</dd>" in text


def test_a_large_matrix_shows_most_of_it_and_says_so(world: World, browser: Browser) -> None:
    owner = world.door("owner")
    labels = [{"label": f"setting {n}"} for n in range(50)]
    added = owner.post(f"{world.base}/concepts/bulk", json={"items": labels}).json()
    made = [
        {
            "elements": [
                {"role": "context", "wording": "there", "concept_id": concept["id"]},
                {"role": "outcome", "wording": "trust", "concept_id": 3, "state": "reduced"},
            ],
            "evidence": [{"source_id": 1}],
        }
        for concept in added
    ]
    bulk = owner.post(f"{world.base}/configurations/bulk", json={"items": made})
    assert bulk.status_code == 201, bulk.text
    part = browser.get(f"{HOME}/matrix?has=outcome:K3").text
    assert "Shown are the 40 of 52 rows" in part
    assert part.count('<th scope="row">') == 40
    last = f"cell=context:K{added[-1]['id']}&cell=outcome:K3:reduced"
    opened = browser.get(f"{HOME}/matrix?has=outcome:K3&{last}").text
    assert 'aria-current="true"><span class="visually-hidden">' in opened  # the open cell is there
    whole = browser.get(f"{HOME}/matrix?has=outcome:K3&whole=true").text
    assert whole.count('<th scope="row">') == 52
    assert "Shown are" not in whole
