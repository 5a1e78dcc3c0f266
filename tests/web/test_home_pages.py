"""Where one starts, and the home of a review."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy.orm import Session

from app.db import now
from app.jobs.models import Job, JobStatus
from tests.conftest import World
from tests.web.browsing import SELF, fill_in, signed_in, told
from tests.web.test_pages import queries
from tests.web.test_sign_in_pages import Browser

__all__ = ["queries"]

pytestmark = pytest.mark.sqlite_only

HOME = "/reviews/trust-and-faith"


@pytest.fixture
def owner_browser(world: World, session: Session) -> Iterator[Browser]:
    browser = signed_in(world, session, "owner")
    yield browser
    browser.close()


def words_of(page: str) -> str:
    """All words of a page, spaces closed."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def steps_of(page: str) -> list[str]:
    """What the page says is to be done next, in order."""
    listed = page.partition('<ol class="steps">')[2].partition("</ol>")[0]
    return [unescape(step) for step in re.findall(r'href="[^"]+">([^<]+)</a>', listed)]


def test_an_empty_review_says_what_to_do_first(owner_browser: Browser) -> None:
    page = owner_browser.get(HOME).text
    assert steps_of(page) == ["Write down the review's question", "Add the first source"]
    assert "If early, small targets are met" in page


def test_what_lacks_comes_in_the_order_of_the_work(world: World, owner_browser: Browser) -> None:
    owner = world.door("owner")
    base = world.base
    owner.post(f"{base}/sources", json={"title": "A"})
    owner.post(
        f"{base}/sources/1/documents?file_name=a.txt",
        content=b"Words of a text.",
        headers={"content-type": "text/plain"},
    )
    question = {"question": "What works?"}
    owner.patch(base, json=question, headers={"If-Match": "*"})
    page = owner_browser.get(HOME).text
    assert steps_of(page) == ["Read and code the next text", "Code the first configuration"]
    owner.post(f"{base}/quotes", json={"source_id": 1, "exact": "other words"})
    owner.post(f"{base}/quotes", json={"source_id": 1, "exact": "a text", "is_parked": True})
    owner.post(f"{base}/configurations", json={"title": "begun"})
    page = owner_browser.get(HOME).text
    assert steps_of(page) == [
        "Look again at a quote that was not found",
        "Take up a parked passage",
        "Finish a configuration in draft",
    ]
    words = words_of(page)
    assert "Sources with text 1 of 1" in words
    assert "Quotes found in their text 1 of 2" in words
    assert "no text to look in" not in words
    assert "1 parked passage " in words
    assert "1 quote tied to nothing" in words


def test_screening_is_counted_and_waits_for_me(
    world: World, owner_browser: Browser, queries: list[str]
) -> None:
    owner, editor = world.door("owner"), world.door("editor")
    base = world.base
    owner.post(f"{base}/sources/bulk", json={"items": [{"title": t} for t in "ABC"]})
    owner.post(f"{base}/stages", json={"name": "Titles", "unit": "records", "screeners": 2})
    for door, verdict in ((owner, "include"), (editor, "exclude")):
        body = {"stage_id": 1, "source_id": 1, "verdict": verdict}
        assert door.post(f"{base}/decisions", json=body).status_code == 200
    queries.clear()
    words = words_of(owner_browser.get(HOME).text)
    assert len([q for q in queries if not q.startswith(("SAVEPOINT", "RELEASE"))]) <= 20
    assert "Adjudicate one source in screening" in words
    assert "Screen the next of 2 records" in words
    assert "Sources screened 0 of 3" in words
    assert "1 conflict of screening to settle" in words


def test_quotes_without_a_text_are_told_from_quotes_in_doubt(
    world: World, owner_browser: Browser
) -> None:
    owner, base = world.door("owner"), world.base
    owner.post(f"{base}/sources", json={"title": "A"})
    for words in ("one passage", "another passage"):
        owner.post(f"{base}/quotes", json={"source_id": 1, "exact": words})
    page = words_of(owner_browser.get(HOME).text)
    assert "Quotes found in their text 0 of 2 2 have no text to look in" in page
    assert "Sources screened 0 of 1 nobody has screened here yet" in page
    assert "1 source that awaits a decision" in page
    assert "every text is coded" not in page
    listed = words_of(owner_browser.get(f"{HOME}/check").text)
    assert "Sources without a decision 1" in listed
    assert "S1 nobody has decided on it" in listed
    assert "Quotes with no text to look in 2" in listed
    assert "Q2 the source has no text here" in listed


def test_a_reader_is_offered_nothing_to_do(world: World, session: Session) -> None:
    with signed_in(world, session, "reader") as browser:
        page = browser.get(HOME).text
    assert steps_of(page) == []
    assert "What next" not in page
    assert "Where we are" in page


def test_what_changed_lately_says_who_and_why(world: World, owner_browser: Browser) -> None:
    world.door("coder").post(
        f"{world.base}/sources", params={"reason": "found by hand"}, json={"title": "A"}
    )
    words = words_of(owner_browser.get(HOME).text)
    assert "added S1 found by hand Coder · just now" in words


def add_job(session: Session, world: World, **values: object) -> Job:
    started = {"kind": "reference_import", "wish": {}, "review_id": world.review.id}
    job = Job(**started | {"user_id": world.users["coder"].id} | values)
    session.add(job)
    session.commit()
    return job


def test_running_jobs_are_shown_and_looked_at_again_only_while_they_run(
    world: World, session: Session, owner_browser: Browser
) -> None:
    assert "hx-trigger" not in owner_browser.get(HOME).text
    running = {"status": JobStatus.RUNNING, "stage": "reading", "done": 40, "total": 100}
    job = add_job(session, world, **running, started_at=now())
    for path in (HOME, f"{HOME}/jobs"):
        page = owner_browser.get(path).text
        assert f'hx-get="{HOME}/jobs" hx-trigger="every 2s" hx-select="#going"' in page
        assert '<progress id="job-1" max="100" value="40"' in page
        assert "reading: 40 / 100 · Coder" in words_of(page)
    job.status, job.finished_at, job.result = JobStatus.DONE, now(), {"records": 100, "added": 98}
    session.commit()
    page = owner_browser.get(f"{HOME}/jobs").text
    assert "hx-trigger" not in page
    assert "Importing references: done: 100 records, 98 added" in words_of(page)


def test_a_preview_says_what_would_be_added(
    world: World, session: Session, owner_browser: Browser
) -> None:
    ended = {"status": JobStatus.DONE, "finished_at": now(), "wish": {"wish": {"preview": True}}}
    add_job(session, world, **ended, result={"records": 1, "added": 1, "is_preview": True})
    page = words_of(owner_browser.get(f"{HOME}/jobs").text)
    assert "Looked at references: 1 record, 1 would be added" in page
    assert "done: 1 record, 1 would be added" in page  # in the table of all
    found = {"compared": 1, "suggested": 1}
    add_job(session, world, **ended, kind="duplicates", result=found)
    page = words_of(owner_browser.get(f"{HOME}/jobs").text)
    assert "Looking for duplicates: done: 1 source compared, 1 pair new in the queue" in page


def test_a_job_that_failed_says_why(world: World, session: Session) -> None:
    problem = {"detail": "The file is gone."}
    failed = {"status": JobStatus.FAILED, "problem": problem, "finished_at": now()}
    job = add_job(session, world, **failed)
    with signed_in(world, session, "coder") as browser:
        assert "Failed. The file is gone." in words_of(browser.get(f"/jobs/{job.id}").text)
    with signed_in(world, session, "owner") as browser:
        assert browser.get(f"/jobs/{job.id}").status_code == 404


def test_jobs_of_a_review_are_listed_for_its_members(world: World, session: Session) -> None:
    add_job(session, world)
    [job] = world.door("reader").get(f"{world.base}/jobs").json()["items"]
    assert (job["kind"], job["status"]) == ("reference_import", "waiting")


def test_reviews_are_listed_with_counts_and_role(world: World, owner_browser: Browser) -> None:
    world.door("coder").post(f"{world.base}/sources", json={"title": "A"})
    words = words_of(owner_browser.get("/").text)
    assert (
        "Trust and faith 1 source 0 quotes 0 configurations 0 concepts CMO you are owner" in words
    )


def test_a_review_begins_by_a_form(owner_browser: Browser) -> None:
    answer = fill_in(
        owner_browser, "/reviews/new", "Title", title="Early wins", slug="early", template="ICMO"
    )
    assert answer.headers["location"] == "/reviews/early"
    assert told(answer) == "Early wins is there. It begins with a source."
    made = owner_browser.get("/api/v1/reviews/early").json()
    assert (made["template"], made["quote_word_limit"], made["question"]) == ("ICMO", 50, None)


def test_every_template_is_shown_with_words_for_each_role(owner_browser: Browser) -> None:
    page = owner_browser.get("/reviews/new").text
    assert len(re.findall(r'type="radio" name="template"', page)) == 7
    assert "C context two clinics that competed for years" in words_of(page)
    assert "A agency nurses who lend each other a hand unasked" in words_of(page)


def test_the_folder_of_reviews_leads_to_the_list(owner_browser: Browser) -> None:
    assert owner_browser.get("/reviews").headers["location"] == "/"


def test_the_address_of_a_page_is_no_name_of_a_review(owner_browser: Browser) -> None:
    body = {"slug": "new", "title": "New"}
    answer = owner_browser.post("/api/v1/reviews", json=body, headers=SELF)
    assert answer.status_code == 422
    assert "address of a page" in answer.json()["detail"]


def test_whoever_is_in_no_review_loads_one_that_is_shipped(world: World, session: Session) -> None:
    with signed_in(world, session, "stranger") as browser:
        answer = fill_in(browser, "/", "Training vignette")
        assert answer.headers["location"] == "/reviews/training-vignette"
        assert browser.get("/reviews/training-vignette").status_code == 200
