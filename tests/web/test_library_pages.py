"""The screens of the library through plain forms, without a script."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.access.identity import COOKIE, Member
from app.access.models import MemberRole
from app.access.service import open_sign_in
from app.config import Settings
from app.exchange.import_schemas import ImportWish
from app.exchange.importing import import_references
from app.jobs.worker import Worker
from app.library.search_schemas import SearchCreate
from app.library.searches import add_search
from tests.conftest import World
from tests.library.screening_material import ANY, FULL, TITLE, Desk, done
from tests.web.test_pages import check_page, queries
from tests.web.test_sign_in_pages import Browser

__all__ = ["queries"]

pytestmark = pytest.mark.sqlite_only

API = "/api/v1/reviews/trust-and-faith"
HOME = "/reviews/trust-and-faith"
SELF = {"sec-fetch-site": "same-origin"}
FORM = re.compile(r"<form[^>]*action=\"([^\"]+)\"[^>]*>(.*?)</form>", re.DOTALL)
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Seat(Browser):
    """A browser without scripts, signed in as somebody."""

    def open(self, path: str) -> str:
        """Open a page, which must be sound."""
        answer = self.get(HOME + path)
        assert answer.status_code == 200, answer.text
        check_page(path, answer.text)
        return unescape(answer.text)

    def post_form(self, path: str, action: str, nth: int = 0, /, **fields: Any) -> str:
        """Fill in and send the form of a page that goes to an operation; open where it leads."""
        forms = [f for to, f in FORM.findall(self.get(HOME + path).text) if to == API + action]
        hidden = [(unescape(name), unescape(value)) for name, value in HIDDEN.findall(forms[nth])]
        body = {name: value for name, value in hidden if name not in fields} | fields
        file = body.pop("_file", None)
        sent = self.post(
            API + action, data=body, files={"_file": file} if file else None, headers=SELF
        )
        assert sent.status_code == 303, sent.text
        return self.open(sent.headers["location"].removeprefix(HOME).partition("#")[0])

    def has_form(self, path: str, action: str) -> bool:
        """Say whether a page offers an operation."""
        return any(to == API + action for to, _ in FORM.findall(self.get(HOME + path).text))


@pytest.fixture
def seats(world: World, session: Session) -> Iterator[dict[str, Seat]]:
    """A browser for everybody."""
    found = {}
    for name in ("reader", "coder", "editor"):
        seat = Seat(world.app)
        lifetime = timedelta(hours=1)
        secret = open_sign_in(session, world.users[name], lifetime=lifetime)
        seat.cookies.set(COOKIE, secret)
        found[name] = seat
    session.commit()
    yield found
    for seat in found.values():
        seat.close()


@pytest.fixture
def worker(sessions: sessionmaker[Session], settings: Settings) -> Worker:
    return Worker(sessions, settings)


def test_a_source_is_added_changed_and_keeps_what_the_form_does_not_show(
    world: World, seats: dict[str, Seat]
) -> None:
    seat = seats["coder"]
    csl = {"volume": "3", "issued": {"date-parts": [[2020, 5]]}, "custom": {"ris": [["N1", "x"]]}}
    first = {"title": "Old", "authors": [{"family": "Smith"}], "csl": csl, "year": 2020}
    done(world.door("coder").post(f"{API}/sources", json=first))
    change = {"title": "New", "year#": "2021", "csl.volume!": "", "authors.1.literal": "NHS"}
    change |= {"authors.0.family": "Smith", "cite_key": "smith2020"}
    text = seat.post_form("/sources/1/edit", "/sources/1", **change)
    assert "New" in text
    read = world.door("coder").get(f"{API}/sources/1").json()
    assert (read["title"], read["year"]) == ("New", 2021)
    assert read["csl"] == {name: value for name, value in csl.items() if name != "volume"}
    names = [{k: v for k, v in name.items() if v} for name in read["authors"]]
    assert names == [{"family": "Smith"}, {"literal": "NHS"}]


def test_the_reviews_own_fields_are_filled_in_and_emptied(
    world: World, seats: dict[str, Seat]
) -> None:
    owner = world.door("owner")
    for name, kind in (("sites", "number"), ("checked", "yes_no"), ("design", "choices")):
        field = {"subject": "source", "name": name, "type": kind, "label": name.title()}
        more = {"choices": ["RCT", "survey"]} if kind == "choices" else {}
        done(owner.post(f"{API}/fields", json=field | more))
    values = {"fields.sites#": "3", "fields.checked#": "false", "fields.design[]": "RCT"}
    seats["coder"].post_form("/sources/new", "/sources", title="One", **values)
    read = owner.get(f"{API}/sources/1").json()
    assert read["fields"] == {"sites": 3, "checked": False, "design": ["RCT"]}
    empty = {"title": "One", "cite_key": "one", "fields.sites#": "", "fields.checked#": "true"}
    seats["coder"].post_form("/sources/1/edit", "/sources/1", **empty)
    assert owner.get(f"{API}/sources/1").json()["fields"] == {"checked": True}


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("10.1000/xyz", "DOI"),
        ("@article{a, title={Wins}, year={2020}}", "BIBTEX"),
        ("nonsense", "no format we know"),
        ("TY  - JOUR\nAU  - Nobody\nER  - ", "it has no title"),
    ],
)
def test_what_is_pasted_is_read_or_said_to_be_nothing(
    seats: dict[str, Seat], pasted: str, said: str
) -> None:
    answer = seats["coder"].get(f"{HOME}/sources/new", params={"reference": pasted})
    assert (answer.status_code, said in unescape(answer.text)) == (200, True)


def test_a_file_is_previewed_and_imported_without_a_script(
    world: World, seats: dict[str, Seat], worker: Worker
) -> None:
    seat = seats["editor"]
    text = seat.post_form("/imports", "/searches", database="MEDLINE", **{"hits_reported#": "2"})
    assert "MEDLINE" in text
    file = ("a.csv", b"Title,Land\nOn trust,Norway\n,Sweden\n", "text/csv")
    page = seat.post_form("/imports/1", "/searches/1/imports", 0, _file=file)
    assert "Looking at the file" in page
    assert worker.work_once()
    shown = seat.open("/imports/1?job=1")
    assert "Read as CSV, utf-8" in shown
    assert "Import 1 new source" in shown
    assert "1 column means nothing to us and is kept beside: Land" in shown
    mapping = {"_query.mapping": ["Title=title", "Land=country"]}
    seat.post_form("/imports/1?job=1", "/searches/1/imports", 0, **mapping)
    assert worker.work_once()
    assert "1 source added" in seat.open("/imports/1?job=2")
    [source] = world.door("reader").get(f"{API}/sources").json()["items"]
    assert (source["title"], source["country"]) == ("On trust", "Norway")
    [undo] = re.findall(r'action="([^"]+/undo)"', seat.open("/imports/1"))
    after = seat.post_form("/imports/1", undo.removeprefix(API))
    assert "0 records of" in after
    assert not seats["reader"].has_form("/imports/1", "/searches/1/imports")


def test_a_file_another_search_has_is_told_before_and_after(
    world: World, seats: dict[str, Seat], worker: Worker
) -> None:
    editor, seat = world.door("editor"), seats["editor"]
    for database in ("Scopus", "MEDLINE"):
        done(editor.post(f"{API}/searches", json={"database": database}))
    content = b"TY  - JOUR\nTI  - Wins\nER  - \n"
    editor.post(f"{API}/searches/1/imports", params={"file_name": "a.ris"}, content=content)
    told = f'This very file is in another search already: <a href="{HOME}/imports/1">W1</a>.'
    seat.post_form("/imports/2", "/searches/2/imports", _file=("a.ris", content, ""))
    assert worker.work_once()
    assert told in seat.open("/imports/2?job=1")
    seat.post_form("/imports/2?job=1", "/searches/2/imports")
    assert worker.work_once()
    page = seat.open("/imports/2?job=2")
    assert "1 source added" in page
    assert told in page


def test_an_import_taken_back_with_its_search_leads_to_the_searches(
    world: World, seats: dict[str, Seat], session: Session, settings: Settings
) -> None:
    member = Member(world.review, world.users["editor"], MemberRole.EDITOR)
    search = add_search(session, member, SearchCreate(database="Scopus"))
    wish, content = ImportWish(file_name="a.ris"), b"TY  - JOUR\nTI  - Wins\nER  - \n"
    import_references(session, member, search, wish, content, settings.files_dir)
    session.commit()
    seat = seats["editor"]
    [undo] = re.findall(r'action="([^"]+/undo)"', seat.open("/imports/1"))
    assert "W1" not in seat.post_form("/imports/1", undo.removeprefix(API))
    assert seat.get(f"{HOME}/imports/1").status_code == 410


def test_a_file_of_no_known_format_can_be_named_one(
    world: World, seats: dict[str, Seat], worker: Worker
) -> None:
    done(world.door("editor").post(f"{API}/searches", json={"database": "Scopus"}))
    seat = seats["editor"]
    seat.post_form(
        "/imports/1", "/searches/1/imports", _file=("x.dat", b"Titel;Jahr\nX;2001\n", "")
    )
    assert worker.work_once()
    page = seat.open("/imports/1?job=1")
    assert "in no format we know" in page
    assert "Say what the file is" in page
    assert "Import 0" not in page


def test_somebody_elses_job_is_not_shown(world: World, seats: dict[str, Seat]) -> None:
    done(world.door("editor").post(f"{API}/searches", json={"database": "Scopus"}))
    query = {"file_name": "a.ris", "as_job": "true"}
    asked = world.door("editor").post(f"{API}/searches/1/imports", params=query, content=b"TY")
    assert asked.status_code == 202
    assert seats["reader"].get(f"{HOME}/imports/1?job={asked.json()['id']}").status_code == 404


def test_decisions_are_made_taken_back_and_changed_on_the_desk(
    world: World, seats: dict[str, Seat], queries: list[str]
) -> None:
    desk = Desk(world, 3)
    seat = seats["coder"]
    page = seat.post_form(f"/screening/{TITLE}", "/decisions", verdict="include", note="at last")
    assert "S1" in page
    assert "Work 2" in page
    queries.clear()
    seat.open(f"/screening/{TITLE}?last=1&terms=work")
    assert len([q for q in queries if q.startswith("SELECT")]) <= 20
    again = seat.post_form(f"/screening/{TITLE}?last=1", "/decisions/1")
    assert "Work 1" in again
    assert desk.get("decisions")["items"] == []
    seat.post_form(f"/screening/{TITLE}?source=2", "/decisions", verdict="unsure")
    mine = seat.open(f"/screening/{TITLE}?source=2")
    assert "You decided" in mine
    marked = seat.open(f"/screening/{TITLE}?terms=wor*")
    assert "<mark>Work</mark> 1" in marked
    assert "The end of the list" in seat.open(f"/screening/{TITLE}?after=3")


def test_a_reader_sees_how_far_screening_is_and_decides_nothing(
    world: World, seats: dict[str, Seat]
) -> None:
    Desk(world, 2)
    page = seats["reader"].open("/screening")
    assert "Title and abstract" in page
    assert f"{HOME}/screening/1" not in page
    assert seats["reader"].get(f"{HOME}/screening/1").status_code == 403
    assert seats["coder"].get(f"{HOME}/screening/stages").status_code == 403
    assert "Nothing waits for you" not in page


def test_conflicts_are_shown_blinded_until_both_decided_and_then_settled(
    world: World, seats: dict[str, Seat]
) -> None:
    desk = Desk(world, 2)
    desk.change_stage(TITLE, screeners=2)
    desk.decide(1, TITLE, "include", who="coder", note="clearly so")
    assert "clearly so" not in seats["editor"].open("/sources/1/screening")
    assert "Nothing to settle" in seats["editor"].open(f"/screening/{TITLE}/conflicts")
    desk.decide(1, TITLE, "exclude", who="editor")
    page = seats["editor"].open(f"/screening/{TITLE}/conflicts")
    assert ("clearly so" in page, "Coder" in page) == (True, True)
    settle = f"/stages/{TITLE}/adjudications"
    assert not seats["coder"].has_form(f"/screening/{TITLE}/conflicts", settle)
    after = seats["editor"].post_form(
        f"/screening/{TITLE}/conflicts", settle, verdict="include", note="Both read it again."
    )
    assert "Nothing to settle" in after
    assert "settled" in seats["reader"].open("/sources/1/screening")


def test_decisions_of_others_are_checked(world: World, seats: dict[str, Seat]) -> None:
    desk = Desk(world, 2)
    for source in (1, 2):
        desk.decide(source, TITLE, "exclude")
    page = seats["editor"].post_form(
        f"/screening/{TITLE}/checks", "/decisions/1/checks", **{"agrees#": "false", "note": "no"}
    )
    assert "1 decision to check" in page
    assert "Nothing to check" in seats["coder"].open(f"/screening/{TITLE}/checks")
    assert "1 of 2" in seats["reader"].open("/screening")


def test_stages_and_reasons_are_changed(world: World, seats: dict[str, Seat]) -> None:
    seat = seats["editor"]
    label = {"label": "Not about collaboration"}
    more = {"name": "Relevance to trust", "unit": "reports", "position#": "2"}
    seat.post_form("/screening/stages", "/exclusion-reasons", 1, **label)
    seat.post_form("/screening/stages", "/stages", **more)
    change = {"name": "Titles", "position#": "0", "screeners#": "2", "is_skipped#": "true"}
    seat.post_form("/screening/stages", f"/stages/{TITLE}", **change)
    stages = {stage["name"]: stage for stage in Desk(world).get("stages")["items"]}
    assert list(stages) == ["Titles", "Full text", "Relevance and rigour", "Relevance to trust"]
    assert (stages["Titles"]["is_skipped"], stages["Titles"]["screeners"]) == (True, 2)
    assert stages["Titles"]["is_blinded"] is False
    [reason] = stages["Full text"]["reasons"]
    archive = {"label": reason["label"], "position#": "0", "is_archived#": "true"}
    seat.post_form("/screening/stages", f"/exclusion-reasons/{reason['id']}", **archive)
    assert reason["label"] not in seat.open(f"/screening/{FULL}")


def test_what_cannot_be_had_is_noted(world: World, seats: dict[str, Seat]) -> None:
    desk = Desk(world, 2)
    for source in (1, 2):
        desk.decide(source, TITLE, "include")
    page = seats["coder"].post_form(
        "/screening/retrieval", "/sources/1/retrieval", status="not_retrieved", note="Asked."
    )
    assert "1 source passed" in page
    assert "Asked." in seats["reader"].open("/sources/1/screening")
    listed = seats["reader"].open("/sources?end=not_retrieved")
    assert ("Work 1" in listed, "Work 2" in listed) == (True, False)


def test_the_flow_tells_decisions_that_wait_from_texts_that_do(
    world: World, seats: dict[str, Seat]
) -> None:
    desk = Desk(world, 3)
    desk.decide(1, TITLE, "include")
    page = seats["coder"].open("/flow")
    assert "Screen the 2 that await a decision" in page
    assert "Get the text of the 1 that awaits retrieval" in page


def test_duplicates_are_found_merged_and_unmerged(
    world: World, seats: dict[str, Seat], worker: Worker
) -> None:
    twin = {"title": "Trust in mergers of hospitals", "authors": [{"family": "Smith"}]}
    items = [twin | {"year": 2011}, twin | {"year": 2012}]
    done(world.door("coder").post(f"{API}/sources/bulk", json={"items": items}))
    seat = seats["editor"]
    assert "Comparing all sources" in seat.post_form("/duplicates", "/duplicates/find")
    assert worker.work_once()
    page = seat.open("/duplicates?job=1")
    assert "2 sources compared" in page
    assert "S1" in page
    decide = "/duplicates/decisions"
    merged = seat.post_form("/duplicates", decide, 0, **{"items.0.survivor_id#": "2"})
    assert "stands for" in merged
    assert world.door("reader").get(f"{API}/sources/1").json()["merged_into_id"] == 2
    assert "A duplicate" in seats["reader"].open("/sources/1")
    assert not seats["coder"].has_form("/duplicates/decided", "/sources/1/unmerge")
    seat.post_form("/duplicates/decided", "/sources/1/unmerge")
    assert "Kept apart" in seat.open("/duplicates/decided?state=apart")


def test_no_pair_that_waits_is_called_wholly_sure(
    world: World, seats: dict[str, Seat], worker: Worker
) -> None:
    twin = {"title": "Trust in mergers of hospitals", "doi": "10.1234/x", "year": 2011}
    done(world.door("coder").post(f"{API}/sources/bulk", json={"items": [twin, twin]}))
    done(world.door("editor").post(f"{API}/duplicates/find", json={"automatic": False}))
    assert worker.work_once()
    assert "99 of 100 sure" in seats["editor"].open("/duplicates")


def test_a_text_is_stored_replaced_and_takes_the_quotes_over(
    world: World, seats: dict[str, Seat]
) -> None:
    Desk(world, 1)
    seat = seats["editor"]
    for name, words in (("one.txt", b"Trust grows slowly."), ("two.txt", b"So: trust grows.")):
        page = seat.post_form(
            "/sources/1", "/sources/1/documents", _file=(name, words, "text/plain")
        )
        assert name in page
    quote = {"source_id": 1, "document_id": 1, "exact": "rows"}
    done(world.door("coder").post(f"{API}/quotes", json=quote))
    seat.post_form("/sources/1", "/documents/2/take-over", **{"from_document#": "1"})
    [moved] = world.door("reader").get(f"{API}/quotes").json()["items"]
    assert moved["document_id"] == 2
    assert "in the text" in seat.open("/documents/verification")


def test_quotes_are_verified_with_as_many_queries_however_many_texts_there_are(
    world: World, seats: dict[str, Seat], queries: list[str]
) -> None:
    coder = world.door("coder")
    asked = []
    for n in range(1, 14):
        done(coder.post(f"{API}/sources", json={"title": f"On trust, part {n}"}))
        sent = f"{API}/sources/{n}/documents?file_name=paper.txt"
        done(coder.post(sent, content=f"Part {n}.", headers={"Content-Type": "text/plain"}))
        done(coder.post(f"{API}/quotes", json={"source_id": n, "exact": f"Part {n}."}))
        queries.clear()
        page = seats["reader"].open("/documents/verification")
        asked.append(len([query for query in queries if query.startswith("SELECT")]))
        assert f"<dd>{n}</dd>" in page
    assert max(asked[1:]) == min(asked[1:])


def test_what_verification_leaves_to_look_at_is_read_page_by_page(
    world: World, seats: dict[str, Seat]
) -> None:
    coder = world.door("coder")
    for n, text in ((1, "Trust grows slowly."), (2, None)):
        done(coder.post(f"{API}/sources", json={"title": f"S{n}"}))
        if text:
            sent = f"{API}/sources/{n}/documents?file_name=paper.txt"
            done(coder.post(sent, content=text, headers={"Content-Type": "text/plain"}))
    for source, exact in ((2, "a"), (1, "b"), (1, "Trust grows"), (2, "c"), (1, "d")):
        done(coder.post(f"{API}/quotes", json={"source_id": source, "exact": exact * 9}))
    address, pages = "/documents/verification?limit=2", []
    while address:
        page = seats["reader"].open(address)
        assert "<dd>2</dd>" in page  # counts are of all
        pages.append(re.findall(r'href="/reviews/trust-and-faith/quotes/(\d+)">Q', page))
        following = re.search(r'rel="next" class="button" href="([^"]+)"', page)
        address = "/documents/verification" + unescape(following[1]) if following else ""
    assert pages == [["1", "2"], ["3", "4"], ["5"]]
    assert "No more to look at" in seats["reader"].open("/documents/verification?after=5")


def test_a_waiting_document_is_attached_to_a_candidate(
    world: World, seats: dict[str, Seat]
) -> None:
    title = "Building trust between partners in health care"
    done(world.door("coder").post(f"{API}/sources", json={"title": title}))
    seat = seats["coder"]
    text = f"A commentary on\n{title}\nby others.".encode()
    page = seat.post_form("/documents", "/documents", _file=("x.txt", text, "text/plain"))
    assert "1 waits for its source" in page
    assert "the title stands at its beginning" in page
    page = seat.post_form("/documents", "/documents/1/attach", **{"source_id#": "1"})
    assert "waits for its source" not in page
    assert title in page


def test_a_scan_is_refused_with_what_helps(world: World, seats: dict[str, Seat]) -> None:
    Desk(world, 1)
    body = {"_next": f"{HOME}/documents", "_file_name": "file_name"}
    file = {"_file": ("scan.pdf", b"%PDF-1.4 broken", "application/pdf")}
    answer = seats["coder"].post(f"{API}/documents", data=body, files=file, headers=SELF)
    assert answer.status_code == 422
    assert "open it" in unescape(answer.text)


def test_judgements_are_made_changed_and_settled(world: World, seats: dict[str, Seat]) -> None:
    Desk(world, 1)
    place = "/sources/1/appraisal"
    for name, level in (("coder", "high"), ("editor", "low")):
        page = seats[name].post_form(place, "/appraisals", 2, level=level, rationale=f"by {name}")
        assert f"by {name}" in page
    assert "disputed" in seats["reader"].open("/sources/1")
    page = seats["editor"].post_form(place, "/appraisals", 2, level="moderate", rationale="talked")
    assert "settled" in page
    seats["coder"].post_form(place, "/appraisals/1", level="moderate", rationale="")
    read = world.door("reader").get(f"{API}/appraisals/1").json()
    assert (read["level"], read["rationale"]) == ("moderate", None)
    assert not seats["reader"].has_form(place, "/appraisals")


def test_no_screen_of_an_editor_asks_too_often(
    world: World, seats: dict[str, Seat], worker: Worker, queries: list[str]
) -> None:
    desk = Desk(world, 30)
    desk.reason(FULL, "No mechanism")
    for source in range(1, 20):
        desk.decide(source, TITLE, "include")
    editor = world.door("editor")
    done(editor.post(f"{API}/searches", json={"database": "Scopus"}))
    query = {"file_name": "a.ris", "as_job": "true", "preview": "true"}
    content = b"TY  - JOUR\nTI  - Wins\nER  - \n"
    editor.post(f"{API}/searches/1/imports", params=query, content=content)
    assert worker.work_once()
    for name in ("one", "two"):
        sent = f"{API}/documents?file_name={name}.txt"
        editor.post(sent, content=name.encode(), headers={"Content-Type": "text/plain"})
    for path in (
        *("/sources", "/sources?end=awaiting_retrieval", "/sources/new", "/sources/1/edit"),
        *("/sources/1", "/sources/1/records", "/sources/1/screening", "/sources/1/appraisal"),
        *("/imports", "/imports/1?job=1", "/imports/1/edit", "/duplicates", "/documents"),
        *("/screening", "/screening/stages", f"/screening/{FULL}", f"/screening/{TITLE}/checks"),
        *(f"/screening/{TITLE}/conflicts", "/screening/retrieval", "/duplicates/decided"),
    ):
        queries.clear()
        page = seats["editor"].open(path)
        asked = [query for query in queries if query.startswith("SELECT")]
        assert (path, len(asked) <= 20) == (path, True), len(asked)
        assert (path, len(page.encode()) < 150_000) == (path, True)


def test_a_memo_is_written_on_a_source(world: World, seats: dict[str, Seat]) -> None:
    Desk(world, 1)
    page = seats["coder"].post_form("/sources/1/records", "/memos", text="Odd.", kind="method")
    assert ("Odd." in page, "added it by hand" in page) == (True, True)
    assert not seats["reader"].has_form("/sources/1/records", "/memos")


def test_a_source_others_added_is_only_read(world: World, seats: dict[str, Seat]) -> None:
    done(world.door("editor").post(f"{API}/sources", json={"title": "Theirs"}))
    assert "/sources/1/edit" not in seats["coder"].open("/sources/1")
    assert "/sources/1/edit" in seats["editor"].open("/sources/1")
    done(world.door("editor").delete(f"{API}/sources/1", headers=ANY))
    assert seats["reader"].get(f"{HOME}/sources/1/screening").status_code == 410


def test_a_table_is_put_in_order_by_the_links_of_its_head(
    world: World, seats: dict[str, Seat]
) -> None:
    browser = seats["reader"]
    for title in ("One", "Two"):
        world.door("editor").post(f"{world.base}/sources", json={"title": title})
    page = browser.get(f"{HOME}/sources?has_text=false&limit=1").text
    assert 'href="?has_text=false&amp;limit=1&amp;sort=year&amp;is_descending=true"' in page
    assert "aria-sort" in page
    turned = browser.get(f"{HOME}/sources?sort=year&is_descending=true").text
    assert re.search(
        r'<th scope="col" aria-sort="descending"><a class="sorts" id="sort-year"', turned
    )
    assert 'href="?sort=year"' in turned
    assert "Drop the filter sort" not in turned
    assert '<input type="hidden" name="sort" value="year">' in turned
    configurations = browser.get(f"{HOME}/configurations?sort=title")
    assert configurations.status_code == 200
