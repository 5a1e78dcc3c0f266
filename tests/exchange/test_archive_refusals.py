"""Archives that are broken or hostile: each refused by name, with nothing written."""

import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.access.models import Review
from app.config import Settings
from app.errors import ArchiveError, NewerArchiveError
from app.exchange.archive.parsing import LONGEST_LINE
from app.exchange.archive.staging import stage_archive
from tests.exchange.material import bring_in, elsewhere

GOOD: dict[str, Any] = {
    "manifest.json": {"format": "retroduce-archive", "format_version": 1},
    "review.json": {"slug": "small", "title": "Small"},
    "sources.jsonl": [{"id": 1, "cite_key": "a", "type": "book", "title": "A", "authors": []}],
    "concepts.jsonl": [{"id": 1, "label": "trust", "parent_id": 2}, {"id": 2, "label": "belief"}],
    "quotes.jsonl": [{"id": 1, "source_id": 1, "exact": "words", "codings": [{"concept_id": 2}]}],
}


def text_of(name: str, value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if name.endswith(".json"):
        return json.dumps(value).encode()
    return "".join(json.dumps(line) + "\n" for line in value).encode()


def write_zip(path: Path, files: dict[str, Any]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in files.items():
            archive.writestr(name, text_of(name, value))
    return path


def stage(path: Path, tmp_path: Path, settings: Settings) -> Any:
    work = tmp_path / "work"
    work.mkdir()
    return stage_archive(path, work, settings)


def test_the_smallest_archive_by_hand_is_taken(tmp_path: Path, settings: Settings) -> None:
    staged = stage(write_zip(tmp_path / "good.zip", GOOD), tmp_path, settings)
    assert {k: v for k, v in staged.counts.items() if v} == {
        "sources": 1,
        "concepts": 2,
        "quotes": 1,
    }
    assert staged.counters == {"S": 1, "K": 2, "Q": 1}


WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("no manifest", {"manifest.json": None}, "no manifest.json"),
    ("no review", {"review.json": None}, "no review.json"),
    ("another format", {"manifest.json": {"format": "zip"}}, "format: is not retroduce-archive"),
    ("climbing out", {"../evil.jsonl": b""}, "outside its folder"),
    ("absolute", {"/etc/passwd": b""}, "outside its folder"),
    ("backslash", {"documents\\x": b""}, "outside its folder"),
    ("drive", {"c:evil": b""}, "outside its folder"),
    ("foreign file", {"setup.py": b""}, "'setup.py' is no file of an archive"),
    ("twice by case", {"SOURCES.jsonl": b""}, "is no file of an archive"),
    ("not JSON", {"quotes.jsonl": b'{"id": 1\n'}, "quotes.jsonl line 1: is not JSON"),
    ("no object", {"quotes.jsonl": b"[1]\n"}, "quotes.jsonl line 1: is not a JSON object"),
    ("blank line", {"quotes.jsonl": b"\n"}, "quotes.jsonl line 1: is not JSON"),
    ("bad UTF-8", {"quotes.jsonl": b'{"exact": "\xff"}\n'}, "line 1: byte 12 is not UTF-8"),
    ("surrogate", {"quotes.jsonl": b'{"exact": "\\ud800"}\n'}, "line 1: is not JSON"),
    ("NUL", {"quotes.jsonl": b'{"source_id": 1, "exact": "a\\u0000"}\n'}, "exact: NUL character"),
    ("deep", {"quotes.jsonl": b"[" * 100_000 + b"\n"}, "quotes.jsonl line 1: is not JSON"),
    ("unknown key", {"sources.jsonl": [{"titel": "A"}]}, "titel: no source has that"),
    ("missing key", {"sources.jsonl": [{"title": "A"}]}, "cite_key: is missing"),
    ("wrong type", {"concepts.jsonl": [{"label": 7}]}, "label: is not a text"),
    ("wrong word", {"concepts.jsonl": [{"label": "a", "level": "nano"}]}, "level: is none of"),
    ("huge number", {"concepts.jsonl": [{"id": 2**40, "label": "a"}]}, "id: is not a whole number"),
    ("zero", {"concepts.jsonl": [{"id": 0, "label": "a"}]}, "id: is not a number of a thing"),
    ("yes for a number", {"concepts.jsonl": [{"id": True, "label": "a"}]}, "id: is not a whole"),
    (
        "number twice",
        {"concepts.jsonl": [{"id": 1, "label": "a"}, {"id": 1, "label": "b"}]},
        "concepts.jsonl line 2: concept 1 came before",
    ),
    (
        "alias twice",
        {"concepts.jsonl": [{"label": "a", "aliases": ["b", "b"]}, {"label": "c"}]},
        "concepts.jsonl line 1: aliases: two have one number",
    ),
    (
        "cite key twice",
        {"sources.jsonl": GOOD["sources.jsonl"] + [{**GOOD["sources.jsonl"][0], "id": 2}]},
        "sources.jsonl line 2: cite_key: 'a' came before",
    ),
    (
        "nothing there",
        {"quotes.jsonl": [{"source_id": 9, "exact": "w"}]},
        "quotes.jsonl line 1: source_id: there is no source 9",
    ),
    (
        "nobody there",
        {"quotes.jsonl": [{"source_id": 1, "exact": "w", "created_by": "x"}]},
        "created_by: there is no person x",
    ),
    ("bad slug", {"review.json": {"slug": "A B", "title": "x"}}, "review.json: slug"),
    (
        "no file",
        {"documents.jsonl": [{"source_id": 1, "file_name": "a", "file": "documents/a"}]},
        "documents.jsonl line 1: there is no file documents/a",
    ),
    (
        "moment without zone",
        {"concepts.jsonl": [{"label": "a", "created_at": "2026-03-02T09:30:00"}, {"label": "b"}]},
        "created_at: is not a moment with its zone",
    ),
    (
        "changed file",
        {
            "manifest.json": GOOD["manifest.json"]
            | {
                "files": [
                    {"name": name, "bytes": 1, "sha256": "0" * 64}
                    for name in GOOD
                    if name != "manifest.json"
                ]
            }
        },
        "is not what was written: its sha256",
    ),
    (
        "missing file",
        {
            "manifest.json": GOOD["manifest.json"]
            | {"files": [{"name": "views.jsonl", "bytes": 1, "sha256": "0"}]}
        },
        "concepts.jsonl is not in the manifest",
    ),
    (
        "history of nobody",
        {"change_sets.jsonl": [{"id": 1, "at": "2026-03-02T09:30:00Z", "channel": "fax"}]},
        "change_sets.jsonl line 1: channel: is none of",
    ),
    (
        "history of nothing",
        {
            "changes.jsonl": [
                {
                    "change_set_id": 1,
                    "n": 1,
                    "table_name": "user_accounts",
                    "row_key": [1],
                    "operation": "insert",
                    "aggregate_kind": "C",
                    "aggregate_id": 1,
                }
            ]
        },
        "table_name: there is no table user_accounts",
    ),
]


@pytest.mark.parametrize(("files", "message"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_names_what_is_wrong(
    tmp_path: Path, settings: Settings, files: dict[str, Any], message: str
) -> None:
    wanted = {name: value for name, value in (GOOD | files).items() if value is not None}
    with pytest.raises(ArchiveError) as refused:
        stage(write_zip(tmp_path / "wrong.zip", wanted), tmp_path, settings)
    assert message in refused.value.detail


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        ({"format_version": 2}, "format_version: is 2, and this version reads up to 1"),
        ({"format_version": 1, "schema": "9999"}, "schema: is 9999, and this version reads up to"),
    ],
    ids=["format", "schema"],
)
def test_a_later_archive_asks_for_an_update_naming_place_and_versions(
    tmp_path: Path, settings: Settings, manifest: dict[str, Any], told: str
) -> None:
    files = GOOD | {"manifest.json": {"format": "retroduce-archive", "program": "9.0", **manifest}}
    with pytest.raises(NewerArchiveError) as refused:
        stage(write_zip(tmp_path / "later.zip", files), tmp_path, settings)
    assert refused.value.detail.startswith(f"manifest.json: {told}"), refused.value.detail
    assert "Retroduce 9.0" in refused.value.detail
    assert refused.value.detail.endswith("Update Retroduce and import it again.")
    assert refused.value.extra["file"] == "manifest.json"


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(bytes(content))


def encrypted(path: Path) -> None:
    content = path.read_bytes()
    at = content.index(b"PK\x01\x02") + 8
    path.write_bytes(content[:at] + struct.pack("<H", 1) + content[at + 2 :])


def linked(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        entry = zipfile.ZipInfo("documents/link")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")


def doubled(path: Path) -> None:
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(path, "a") as archive,
    ):
        archive.writestr("sources.jsonl", "")


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("documents/bomb", bytes(30_000_000))


def many(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        for n in range(60):
            archive.writestr(f"documents/{n}", "x")


def large(path: Path) -> None:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("documents/large", bytes(200_000))


def no_zip(path: Path) -> None:
    path.write_text("hello")


@pytest.mark.parametrize(
    ("harm", "message"),
    [
        (truncated, "no whole zip file"),
        (flipped, "cannot be unpacked"),
        (encrypted, "is encrypted"),
        (linked, "symbolic link"),
        (doubled, "is there twice"),
        (bomb, "would grow"),
        (many, "at most 50 are taken"),
        (large, "would unpack to"),
        (no_zip, "no whole zip file"),
    ],
)
def test_refuses_a_zip_that_was_harmed(
    tmp_path: Path, settings: Settings, harm: Callable[[Path], None], message: str
) -> None:
    path = write_zip(tmp_path / "harmed.zip", GOOD)
    harm(path)
    tight = settings.model_copy(update={"max_archive_files": 50, "max_archive_bytes": 150_000})
    with pytest.raises(ArchiveError, match=message):
        stage(path, tmp_path, tight)
    assert not (tmp_path / "evil.jsonl").exists()


def test_a_link_in_a_folder_is_refused(tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, value in GOOD.items():
        (folder / name).write_bytes(text_of(name, value))
    (folder / "memos.jsonl").symlink_to("/etc/passwd")
    with pytest.raises(ArchiveError, match=r"memos\.jsonl.*symbolic link"):
        stage(folder, tmp_path, settings)


def test_a_line_that_never_ends_is_cut_off(tmp_path: Path, settings: Settings) -> None:
    files = GOOD | {"quotes.jsonl": b'"' + b"x" * LONGEST_LINE + b'"\n'}
    path = tmp_path / "long.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in files.items():
            archive.writestr(name, text_of(name, value))
    with pytest.raises(ArchiveError, match=r"quotes\.jsonl line 1: is longer"):
        stage(path, tmp_path, settings)


def test_rows_that_break_a_rule_leave_nothing(tmp_path: Path) -> None:
    files = GOOD | {"concepts.jsonl": [{"id": 1, "label": "a", "parent_id": 1}, {"label": "b"}]}
    path = write_zip(tmp_path / "ring.zip", files)
    with elsewhere(tmp_path / "else") as (there, user, settings):
        with pytest.raises(ArchiveError, match="is not broader than itself"):
            bring_in(there, path, user, settings)
        there.rollback()
        assert there.query(Review).count() == 0
