"""Every command, run as a person would, in a data folder of its own."""

import csv
import io
import json
import shlex
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from app.access.policy import Right
from app.access.reviews import delete_review
from app.cli import app, main
from app.cli.questions import FOUND
from app.cli.served import address_of, note_address
from app.cli.terminal import find_member, open_store, out
from app.config import Settings
from app.db import make_engine
from app.errors import AppError
from app.exchange.backup import unpack_backup
from app.library.schemas import SourceCreate
from app.library.service import add_sources
from app.migrations import downgrade, head_revision
from app.theory.configurations import add_configurations
from app.theory.schemas import ConfigurationCreate, ElementPlaced
from app.theory.vocabulary import Role
from tests.cli.conftest import settle

SEED = "trust-and-faith"


class Terminal:
    """Runs commands and keeps what they print."""

    def __init__(self) -> None:
        self.runner = CliRunner()

    def __call__(self, *words: str, typed: str = "") -> str:
        result = self.run(*words, typed=typed)
        assert result.exit_code == 0, (words, result.output, result.exception)
        return result.stdout

    def run(self, *words: str, typed: str = "") -> Result:
        return self.runner.invoke(app, list(words), input=typed)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    settle(monkeypatch, tmp_path / "data")
    return Terminal()


def test_a_machines_user_stays_the_same_with_an_address_of_their_own(terminal: Terminal) -> None:
    terminal("init-db")
    terminal("review", "create", "mine", "Mine")
    with open_store(writing=True) as (_, user):
        user.email = "ana@example.org"
    assert "mine" in terminal("review", "list")
    users = json.loads(terminal("user", "list", "--format", "json"))
    assert [row["email"] for row in users] == ["ana@example.org"]


@pytest.fixture
def seeded(terminal: Terminal, seeded_folder: Path, tmp_path: Path) -> Terminal:
    shutil.copytree(seeded_folder, tmp_path / "data", dirs_exist_ok=True)
    return terminal


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_a_command_without_tables_names_the_one_that_makes_them(terminal: Terminal) -> None:
    result = terminal.run("review", "list")
    assert isinstance(result.exception, AppError)
    assert "retroduce init-db" in result.exception.detail


def test_init_db_can_be_repeated(terminal: Terminal) -> None:
    assert "Made the tables" in terminal("init-db")
    assert "already" in terminal("init-db")
    assert "already" in terminal("upgrade")


def test_upgrade_makes_a_backup_first(seeded: Terminal, tmp_path: Path) -> None:
    settings = Settings()
    downgrade(make_engine(settings), "0001")
    assert f"schema {head_revision()} now" in seeded("upgrade")
    [copy] = (settings.data_dir / "backups").iterdir()
    unpack_backup(copy, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy" / "retroduce.db")) as database:
        assert database.execute("SELECT slug FROM review").fetchall() == [(SEED,)]
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_a_shipped_review_is_loaded_once(seeded: Terminal) -> None:
    assert SEED in seeded("seed")
    again = seeded.run("seed", SEED)
    assert isinstance(again.exception, AppError)
    assert "exists already" in again.exception.detail
    missing = seeded.run("seed", "no-such-review")
    assert isinstance(missing.exception, AppError)


def test_configurations_are_listed_by_any_condition(seeded: Terminal) -> None:
    found = table(seeded("configurations", "--has", "outcome:K1:reduced", "--format", "csv"))
    assert [row["CMOC"] for row in found] == ["C20", "C23"]
    as_json = json.loads(seeded("configurations", "--limit", "2", "--format", "json"))
    assert [row["CMOC"] for row in as_json] == ["C1", "C2"]
    assert "--after 2" in seeded("configurations", "--limit", "2")
    wrong = seeded.run("configurations", "--has", "nonsense")
    assert wrong.exit_code != 0


def test_a_matrix_wider_than_the_terminal_is_listed_cell_by_cell(
    seeded: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = json.loads(seeded("matrix", "--format", "json"))
    monkeypatch.setattr(out, "width", 60)
    lines = [line for line in seeded("matrix").splitlines() if line.startswith("  →")]
    assert len(lines) == len(whole["cells"])


def test_the_matrix_comes_in_three_forms(seeded: Terminal) -> None:
    assert "Trust" in seeded("matrix")
    cells = table(seeded("matrix", "--format", "csv"))
    assert any(c["row"] == "Conflict" and c["column"] == "Trust" for c in cells)
    whole = json.loads(seeded("matrix", "--format", "json"))
    assert len(whole["cells"]) == len(cells)


def test_the_evidence_table_goes_to_a_file_or_a_pipe(seeded: Terminal, tmp_path: Path) -> None:
    piped = table(seeded("evidence").lstrip("\ufeff"))
    for ending in ("csv", "json", "xlsx"):
        path = tmp_path / f"table.{ending}"
        assert f"{len(piped)} rows" in seeded("evidence", "--output", str(path))
        assert path.stat().st_size > 1000
    assert {row["quote_url"][:37] for row in piped} == {"http://127.0.0.1:8000/reviews/trust-a"}
    (Settings().data_dir / "served-at").write_text("http://127.0.0.1:8123")
    [link, *_] = [row["quote_url"] for row in table(seeded("evidence").lstrip("\ufeff"))]
    assert link.startswith("http://127.0.0.1:8123/reviews/trust-and-faith/quotes/")
    wrong = seeded.run("evidence", "--output", str(tmp_path / "table.pdf"))
    assert isinstance(wrong.exception, AppError)
    assert not (tmp_path / "table.pdf").exists()


def test_history_is_listed_shown_undone_and_restored(seeded: Terminal) -> None:
    listed = table(seeded("history", "list", "--format", "csv"))
    assert [row["change-set"] for row in listed] == ["H1"]
    assert len(table(seeded("history", "show", "1", "--format", "csv"))) > 100
    never = seeded.run("history", "restore", "C", "3")
    assert isinstance(never.exception, AppError)
    seeded("history", "undo", "1")  # what brought the review: it is deleted, and restorable
    gone = seeded.run("history", "list", "--review", SEED)
    assert isinstance(gone.exception, AppError)
    assert gone.exception.code == "gone"


def test_check_says_by_its_exit_code_that_it_found_something(seeded: Terminal) -> None:
    assert seeded.run("check").exit_code == 0
    seeded("seed", "training-vignette")
    assert seeded.run("check", "--review", "training-vignette").exit_code == FOUND


def test_people_tokens_and_members(seeded: Terminal) -> None:
    typed = "correct horse battery\ncorrect horse battery\n"
    made = seeded("user", "add", "ann@example.org", "--name", "Ann", "--password", typed=typed)
    assert "/sign-in/" in made
    seeded("user", "password", "ann@example.org", typed=typed)
    assert "/sign-in/" in seeded("user", "link", "ann@example.org")
    assert "ann@example.org" in seeded("user", "list", "--format", "csv")
    seeded("review", "member", "ann@example.org", "reader", "--review", SEED)
    assert table(seeded("review", "list", "--as", "ann@example.org", "--format", "csv"))
    refused = seeded.run("history", "undo", "1", "--as", "ann@example.org")
    assert isinstance(refused.exception, AppError)
    assert refused.exception.status == 403
    secret = seeded("token", "create", "notebook", "--as", "ann@example.org").strip()
    assert secret.startswith("rtd_")
    [token] = table(seeded("token", "list", "--as", "ann@example.org", "--format", "csv"))
    assert secret not in token.values()
    seeded("token", "revoke", token["id"], "--as", "ann@example.org")
    seeded("user", "disable", "ann@example.org")


def test_what_is_said_in_one_line_stays_one_in_a_narrow_terminal(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    said = terminal("init-db")
    assert said.splitlines()[-1].endswith(f"{tmp_path}/data/retroduce.db.")


def test_a_review_can_be_made(terminal: Terminal) -> None:
    terminal("init-db")
    terminal("review", "create", "buddying", "Buddying")
    assert "Buddying" in terminal("review", "list")
    bad = terminal.run("review", "create", "Not A Slug", "x")
    assert bad.exit_code != 0


def test_the_demo_keeps_to_its_own_folder(terminal: Terminal, tmp_path: Path) -> None:
    home = tmp_path / "demo"
    printed = terminal("demo", "--dir", str(home), "--no-serve")
    assert "Context × outcome" in printed
    sheet = load_workbook(home / "trust-and-faith-evidence.xlsx").worksheets[0]
    links = [cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links
    assert all(str(link.target).startswith("http://127.0.0.1:8000/reviews/") for link in links)
    assert not (tmp_path / "data").exists()
    [more] = [line for line in printed.splitlines() if "retroduce chains" in line]
    assert "raise --limit." in printed
    assert more.startswith(f"All of them: RETRODUCE_DATA_DIR={home} retroduce chains ")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("RETRODUCE_DATA_DIR", str(home))
        assert "Cut off" not in terminal(*shlex.split(more.partition(" retroduce ")[2]))
    terminal("demo", "--dir", str(home), "--no-serve")
    terminal("demo", "--dir", str(home), "--no-serve", "--fresh")


def test_fresh_never_removes_a_folder_that_is_not_a_demo(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal("init-db")
    terminal("review", "create", "mine", "Mine")
    data = tmp_path / "data"
    (data / "notes.txt").write_text("keep me")
    refused = terminal.run("demo", "--dir", str(data), "--no-serve", "--fresh")
    assert isinstance(refused.exception, AppError)
    assert (data / "notes.txt").exists()
    assert "mine" in terminal("review", "list")


def test_words_in_square_brackets_are_printed_as_they_are(seeded: Terminal) -> None:
    with open_store(Settings(), writing=True) as (session, user):
        member = find_member(session, user, SEED, Right.CODE, writing=True)
        words = "staff [emphasis added] trusted [/laughs]"
        add_sources(session, member, [SourceCreate(title=words, cite_key="[bold]")])
        wish = ConfigurationCreate(
            title="t", elements=[ElementPlaced(role=Role.CONTEXT, wording=words)]
        )
        add_configurations(session, member, [wish])
    printed = seeded("configurations", "--where", "text=laughs")
    assert "[emphasis added]" in " ".join(printed.split())
    assert "[/laughs]" in printed


def test_lists_for_spreadsheets_hold_no_formula(seeded: Terminal) -> None:
    with open_store(Settings(), writing=True) as (session, user):
        member = find_member(session, user, SEED, Right.CODE)
        element = ElementPlaced(role=Role.OUTCOME, wording="w")
        wish = ConfigurationCreate(title="t", statement="=cmd|' /C calc'!A0", elements=[element])
        add_configurations(session, member, [wish])
    printed = seeded("configurations", "--format", "csv")
    cells = [cell for row in csv.reader(io.StringIO(printed)) for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [cell for cell in cells if cell.startswith("=")]


def test_a_deleted_review_is_closed_to_commands_too(seeded: Terminal) -> None:
    with open_store(Settings(), writing=True) as (session, user):
        member = find_member(session, user, SEED, Right.DELETE, writing=True)
        delete_review(session, member.review)
    refused = seeded.run("matrix", "--review", SEED)
    assert isinstance(refused.exception, AppError)
    assert refused.exception.code == "gone"


def test_what_is_refused_is_one_line_and_an_exit_code(
    seeded: Terminal, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, code, reason in (
        (["configurations", "--has", "nonsense"], 2, "write ROLE:CONCEPT:STATE"),
        (["configurations", "--has", "outcome:K1:reducd"], 2, "no state reducd; write one of high"),
        (["configurations", "--where", "nonsense"], 2, "write NAME=VALUE"),
        (["matrix", "--through", "K999"], 2, "K999"),
        (["evidence", "--columns", "banana"], 2, "banana"),
        (["evidence", "-o", "x.txt"], 2, "invalid: x.txt: the file name must end in .xlsx, .csv"),
        (["sources", "-o", "x.txt"], 2, "invalid: x.txt: the file name must end in ."),
        (["matrix", "--review", "no-such-review"], 1, "no-such-review"),
    ):
        monkeypatch.setattr("sys.argv", ["retroduce", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code == code, words
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert reason in said
        assert "Traceback" not in said


@pytest.mark.parametrize(
    "words",
    [
        ("chains", "--from", "K8", "-o", "chains.svg"),
        ("matrix", "-o", "matrix.csv"),
        ("flow", "-o", "flow.svg"),
        ("evidence", "-o", "table.xlsx"),
        ("sources", "-o", "list.ris"),
        ("sources", "--style", "apa", "-o", "list.md"),
        ("archive", "export", "-o", "review.zip"),
    ],
)
def test_a_file_in_a_folder_that_is_not_there_is_refused_by_its_name(
    seeded: Terminal, tmp_path: Path, words: tuple[str, ...]
) -> None:
    *asked, name = words
    folder = tmp_path / "nowhere"
    refused = seeded.run(*asked, str(folder / name)).exception
    assert isinstance(refused, AppError)
    assert refused.detail == f"There is no folder {folder}; make it first."


def test_a_report_in_a_folder_that_is_not_there_is_refused_before_anything_is_taken_in(
    seeded: Terminal, tmp_path: Path
) -> None:
    file, report = tmp_path / "one.ris", tmp_path / "nowhere" / "report.json"
    file.write_text("TY  - JOUR\nTI  - A work of ours\nER  - \n")
    refused = seeded.run("import", str(file), "--database", "x", "--report", str(report)).exception
    assert isinstance(refused, AppError)
    assert refused.detail == f"There is no folder {report.parent}; make it first."
    assert "A work of ours" not in seeded("sources")


def test_a_file_written_again_keeps_its_place_and_its_mode(
    seeded: Terminal, tmp_path: Path
) -> None:
    target, link = tmp_path / "table.csv", tmp_path / "link.csv"
    target.touch(0o600)
    link.symlink_to(target)
    seeded("evidence", "-o", str(link))
    assert link.is_symlink()
    assert target.read_text().count("\n") > 10
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data", "link.csv", "table.csv"]


def test_chains_are_printed_as_a_tree_and_written_as_the_file_the_ending_names(
    seeded: Terminal, tmp_path: Path
) -> None:
    asked = ("chains", "--from", "K8", "--to", "K6", "--possible", "--review", SEED)
    tree = seeded(*asked)
    for words in ("weakest step C4", "suggested Trust", "└── C37", "not the strength of a claim"):
        assert words in tree
    assert json.loads(seeded(*asked, "-f", "json"))["chains"][0]["configurations"] == [4, 37]
    assert seeded(*asked, "-f", "dot").startswith("digraph")
    for ending, start in (("svg", "<svg"), ("mmd", "%%"), ("graphml", "<?xml"), ("csv", "\ufeff")):
        target = tmp_path / f"chains.{ending}"
        assert str(target) in seeded(*asked, "-o", str(target))
        assert target.read_text().startswith(start)
    for wrong in (("chains",), ("chains", "--from", "K8", "-o", str(tmp_path / "chains.gif"))):
        assert isinstance(seeded.run(*wrong).exception, AppError)
    assert not (tmp_path / "chains.gif").exists()


def test_what_is_replaced_is_named_in_the_tree(seeded: Terminal) -> None:
    tree = seeded("chains", "--from", "K18", "--to", "K6", "--review", SEED)
    assert "L8: C22 substitutes for C1" in tree


def test_a_possible_link_is_accepted_with_a_reason_and_stays_known_for_one(
    seeded: Terminal,
) -> None:
    assert "C4.2,C1.1" in seeded("possible", "-f", "csv")
    said = seeded("links", "accept", "C4.2", "C1.1", "--reason", "as said", "--quote", "1")
    assert "C4 feeds C1, an accepted suggestion" in said
    assert "C4.2,C1.1" not in seeded("possible", "-f", "csv")
    chains = json.loads(seeded("chains", "--from", "K8", "-f", "json"))
    [joint] = [one for one in chains["links"] if (one["from_id"], one["to_id"]) == (4, 1)]
    assert (joint["was_suggested"], joint["is_reason_only"]) == (True, False)
    assert "accepted suggestion" in seeded("chains", "--from", "K8")
    again = seeded.run("links", "accept", "C4.2", "C1.1", "--reason", "once more").exception
    assert isinstance(again, AppError)


def test_a_possible_link_is_refused_for_good(seeded: Terminal) -> None:
    assert "C4.2 to C1.1 is offered no more" in seeded(
        "links", "refuse", "C4.2", "C1.1", "--reason", "other partners"
    )
    assert "C4.2,C1.1" not in seeded("possible", "-f", "csv")
    for wrong in (("C4", "C1.1"), ("C4.2", "K1.1")):
        refused = seeded.run("links", "refuse", *wrong, "--reason", "no").exception
        assert isinstance(refused, AppError)
        assert "as they are listed" in refused.detail


def test_possible_links_are_listed_page_by_page(seeded: Terminal) -> None:
    page = seeded("possible", "--limit", "1")
    assert "C4.2" in page
    assert "--after 4.2.1.1" in page
    rest = seeded("possible", "--concept", "K1", "--after", "4.2.1.1", "-f", "csv")
    assert "C4.2,C1.1" not in rest
    assert "C6.2,C1.1" in rest


def test_where_a_server_listens_is_written_as_people_open_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    for host, opened in (
        ("0.0.0.0", "127.0.0.1"),
        ("::1", "[::1]"),
        ("3rd.example", "3rd.example"),
    ):
        note_address(settings, host, 80)
        assert address_of(settings) == f"http://{opened}:80"
