"""Taking decisions in as a job, so that a file can be looked at first without sending it twice."""

from sqlalchemy.orm import Session

from app.access.identity import Member
from app.config import Settings
from app.db import begin_reading, begin_writing
from app.exchange.decision_schemas import DecisionImportWish
from app.exchange.decisions import import_decisions
from app.exchange.waiting_files import ask_with_file, end_job, waiting_file, who_asked
from app.jobs.models import Job
from app.jobs.running import KINDS, Task

IMPORT = "decision_import"


def ask_decision_import(
    session: Session, member: Member, wish: DecisionImportWish, content: bytes, settings: Settings
) -> Job:
    """Keep a file aside and ask for its import; the job's result is what an import answers."""
    said = wish.model_dump(mode="json", include=set(DecisionImportWish.model_fields))
    return ask_with_file(session, member, IMPORT, content, settings, wish=said)


def take_decisions_in(task: Task) -> None:
    """Take the decisions of a file that waits in; the job ends in the same transaction."""
    wish = DecisionImportWish.model_validate(task.wish["wish"])
    path = waiting_file(task)
    with task.sessions() as session:
        begin = begin_reading if wish.preview else begin_writing
        member = who_asked(begin(session), task, writing=not wish.preview)
        review_id = member.review_id
        answer = import_decisions(session, member, wish, path.read_bytes())
        if not wish.preview:
            end_job(task, session, answer, review_id)
    if wish.preview:
        with task.sessions() as session:
            end_job(task, begin_writing(session), answer, review_id)
    else:
        path.unlink(missing_ok=True)


KINDS[IMPORT] = take_decisions_in
