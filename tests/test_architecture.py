"""The shape of the code: who imports whom, who writes, who judges roles, how big things are."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
APP = ROOT / "app"

LINE = (
    ("complaints",),
    ("collecting", "config", "errors", "values"),
    ("turns",),
    ("db",),
    ("history",),
    ("jobs",),
    ("access",),
    ("library",),
    ("coding",),
    ("theory",),
    ("fulltext",),
    ("migrations",),  # this and the next look at every table
    ("dictionary",),
    ("synthesis",),
    ("export",),
    ("exchange",),
    ("web",),
    ("main",),
    ("cli",),
)
RANK = {name: rank for rank, names in enumerate(LINE) for name in names}

MAY_COMMIT = {
    "db.get_session": "the one transaction of a request",
    "access.service.sign_in_by_password": "checks the slow password before it locks anything",
    "access.service.note_token_use": "runs after the answer, in a transaction of its own",
    "migrations.migrating": "schema changes have no request",
    "jobs.running.Task._set": "progress and end of a job, each in a transaction of its own",
    "jobs.running.claim_job": "a job is taken at once or not",
    "jobs.running.mark_interrupted": "at start-up nobody asks",
    "library.duplicate_jobs.look_for_duplicates": "a job has no request",
    "exchange.archive.jobs.check_archive": "a job has no request",
    "exchange.archive.jobs.take_archive": "a job has no request",
    "exchange.waiting_files.end_job": "a job has no request",
    "cli.terminal.open_store": "the one transaction of a command",
    "cli.serving._load_demo": "fills its own folder before anybody is asked for",
}
MAY_GO_AROUND_THE_ORM = {
    "db.begin_reading": "starts the transaction",
    "db.begin_writing": "starts the transaction",
    "history.recording._record": "writes the history itself",
    "history.recording.change_set_id": "writes the history itself",
    "exchange.archive.writing.defer_references": "writes a whole review, its history with it",
    "exchange.archive.importing.take_in": "writes a whole review, its history with it",
    "exchange.archive.importing._write_members": "writes a whole review, its history with it",
    "theory.queries.summaries": "reads the hottest list; the benchmarks say why",
}
MAY_COMPARE_ROLES = {
    "access.policy": "knows what a role may do",
    "access.reviews": "keeps the last owner of a review",
}
ROLE_WORDS = {"reader", "coder", "editor", "owner"}
WRITE_VERBS = {"add", "add_all", "commit", "delete", "flush", "merge"}
WRITE_IMPORTS = {"insert", "update", "delete", "Insert", "Update", "Delete"}
HISTORY_WRITERS = {"app.history.recording", "app.history.undoing"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(APP).with_suffix("").parts).removesuffix(".__init__")


FILES = {module_name(path): path for path in sorted(APP.rglob("*.py")) if path.parent != APP}
FILES |= {path.stem: path for path in APP.glob("[a-z]*.py")}
TREES = {name: ast.parse(path.read_text()) for name, path in FILES.items()}


def imports(tree: ast.Module) -> Iterator[str]:
    """Full names of what a module imports, `app.db.Base` for `from app.db import Base`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(name: str, tree: ast.AST) -> Iterator[tuple[str, Function]]:
    """Every function of a module, methods and inner ones too, by full name."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name}.{node.name}", node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from functions(f"{name}.{node.name}", node)


def calls(tree: ast.AST) -> Iterator[tuple[str, str, ast.Call]]:
    """Every call as (what it is called on, verb, node): `session.add(…)` is session, add."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield ast.unparse(node.func.value), node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield "", node.func.id, node


def package(full_name: str) -> str:
    """`app.theory.models` → theory; `app` itself → nothing."""
    return full_name.split(".")[1] if full_name.startswith("app.") else ""


def imports_from_the_right(module: str, tree: ast.Module) -> list[str]:
    own = module.split(".", maxsplit=1)[0]
    wanted = {name for name in imports(tree) if package(name) not in {"", own}}
    return sorted(name for name in wanted if RANK[package(name)] >= RANK[own])


def writes(tree: ast.Module) -> list[str]:
    """What in a module could change a row."""
    found = [name for name in imports(tree) if name.rpartition(".")[0] in HISTORY_WRITERS]
    found += [
        name
        for name in imports(tree)
        if name.startswith("sqlalchemy.") and name.rpartition(".")[2] in WRITE_IMPORTS
    ]
    found += [
        f"{subject}.{verb}"
        for subject, verb, _ in calls(tree)
        if verb in WRITE_VERBS and subject.rpartition(".")[2].endswith(("session", "connection"))
    ]
    found += [
        "__tablename__"
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and "__tablename__" in map(ast.unparse, node.targets)
    ]
    return found


def role_comparisons(tree: ast.Module) -> list[str]:
    """Comparisons with a role of a member; roles of elements are another thing."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            words = {
                part.value
                for part in ast.walk(node)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            }
            code = ast.unparse(node)
            if "MemberRole" in code or "member.role" in code or words & ROLE_WORDS:
                found.append(code)
    return found


def sql_that_writes(tree: ast.Module) -> list[str]:
    """Statements in words that change rows, which history could not see."""
    return [
        node.value
        for _, verb, call in calls(tree)
        if verb in {"text", "exec_driver_sql"}
        for node in ast.walk(call)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.strip().upper().startswith(("INSERT", "UPDATE", "DELETE", "REPLACE"))
    ]


@pytest.mark.parametrize("module", FILES)
def test_modules_import_only_from_their_left(module: str) -> None:
    assert imports_from_the_right(module, TREES[module]) == []


def test_the_line_guard_sees_a_wrong_import() -> None:
    tree = ast.parse("from app.theory.models import Element\nfrom app.db import Base")
    assert imports_from_the_right("coding.models", tree) == ["app.theory.models.Element"]
    assert imports_from_the_right("synthesis.matrix", tree) == []
    assert imports_from_the_right("theory.models", tree) == []


def test_only_main_imports_routes_and_pages() -> None:
    found = {
        f"{module} → {name}"
        for module, tree in TREES.items()
        for name in imports(tree)
        if module != "main" and name.startswith("app.")
        for part in name.split(".")[2:]
        if part.endswith("routes") or (part == "pages" and not module.startswith("web."))
    }
    assert found == set()


def test_synthesis_and_export_own_no_tables_and_never_write() -> None:
    reading = {n: t for n, t in TREES.items() if n.split(".")[0] in {"synthesis", "export"}}
    assert reading
    assert {name: found for name, tree in reading.items() if (found := writes(tree))} == {}


@pytest.mark.parametrize(
    "code",
    [
        "session.add(row)",
        "self.session.flush()",
        "connection.commit()",
        "from sqlalchemy import select, update",
        "from app.history.recording import delete_many",
        "class Cell(Base):\n    __tablename__ = 'cell'",
    ],
)
def test_the_write_guard_sees(code: str) -> None:
    assert writes(ast.parse(code))


def test_the_write_guard_lets_reading_pass() -> None:
    assert writes(ast.parse("seen.add(1)\nrows = session.execute(select(Quote)).all()")) == []


def test_only_the_policy_judges_roles() -> None:
    found = {name: role_comparisons(tree) for name, tree in TREES.items()}
    assert {name for name, comparisons in found.items() if comparisons} <= set(MAY_COMPARE_ROLES)


@pytest.mark.parametrize(
    "code", ["x is MemberRole.OWNER", "role == 'editor'", "if member.role in allowed: pass"]
)
def test_the_role_guard_sees(code: str) -> None:
    assert role_comparisons(ast.parse(code))


def test_the_role_guard_lets_roles_of_elements_pass() -> None:
    assert role_comparisons(ast.parse("element.role is Role.CONTEXT")) == []


def test_nothing_commits_but_what_opens_a_transaction() -> None:
    found = {
        full_name
        for module, tree in TREES.items()
        for full_name, function in functions(module, tree)
        for _, verb, _ in calls(function)
        if verb == "commit"
    }
    assert found == set(MAY_COMMIT)


def test_nothing_writes_around_the_history() -> None:
    found = {
        full_name
        for module, tree in TREES.items()
        for full_name, function in functions(module, tree)
        for subject, verb, _ in calls(function)
        if (subject, verb) == ("session", "connection")
    }
    assert found == set(MAY_GO_AROUND_THE_ORM)
    assert {name: sql for name, tree in TREES.items() if (sql := sql_that_writes(tree))} == {}
    assert sql_that_writes(ast.parse("session.execute(text('update quote set page = 1'))"))


def test_no_transaction_is_nested() -> None:
    found = {
        module
        for module, tree in TREES.items()
        for _, verb, _ in calls(tree)
        if verb == "begin_nested"
    }
    assert found == set()


def test_files_and_functions_stay_small() -> None:
    long_files = {n: c for n, p in FILES.items() if (c := len(p.read_text().splitlines())) > 400}
    assert long_files == {}
    long_functions = {
        full_name: length
        for module, tree in TREES.items()
        for full_name, function in functions(module, tree)
        if (length := lines_of(function)) > 40
    }
    assert long_functions == {}


def lines_of(function: Function) -> int:
    """Lines from `def` to the end, without the docstring."""
    first = function.body[0]
    has_docstring = ast.get_docstring(function, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def test_no_complaint_of_the_linters_is_silenced_in_the_app() -> None:
    marks = ("# no" + "qa", "# type: " + "ignore")
    assert {n for n, p in FILES.items() if any(m in p.read_text() for m in marks)} == set()


def test_no_module_or_class_has_a_name_that_says_nothing() -> None:
    empty = ("manager", "repository", "factory", "handler", "utils", "helpers", "common")
    modules = {name for name in FILES if name.rpartition(".")[2] in {*empty, "data"}}
    classes = {
        node.name
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name.lower().endswith((*empty, "service"))
    }
    assert modules | classes == set()


def test_every_part_of_the_app_stands_on_the_line() -> None:
    assert {name.split(".")[0] for name in FILES} <= set(RANK)


LOCKS = [*sorted((ROOT / "requirements").glob("*.txt")), ROOT / "package-lock.json"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_locks_name_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "http://" not in text
    assert "https://" not in text
    assert "hash=sha256:" in text or '"integrity": "sha512-' in text
