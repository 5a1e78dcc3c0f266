"""Taking the files out of an archive one distrusts: every name, size and sum is checked first."""

import hashlib
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from app.config import Settings
from app.errors import ArchiveError, NotFoundError
from app.exchange.archive.export import Progress, no_progress
from app.exchange.archive.shape import (
    CHANGE_SETS,
    CHANGES,
    COUNTERS,
    DOCUMENTS,
    MANIFEST,
    MEMBERS,
    PEOPLE,
    REVIEW,
    roots,
)

NOT_READ = {"README.md", "queries.jsonl"}
"""Files that people may lay beside the others."""
HIGHEST_RATIO = 250
"""Bytes that may come out of one in a zip; plain lines reach about 40."""
SMALL = 1 << 20
"""Bytes below which the ratio of a file says nothing."""
BLOCK = 1 << 20
ENCRYPTED = 0x1
DOCUMENT = re.compile(r"documents/[^/\\:]{1,200}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive, wherever it lies."""

    name: str
    size: int
    member: zipfile.ZipInfo | Path


def known_files() -> set[str]:
    """Return the names an archive may have, documents aside."""
    own = {MANIFEST, REVIEW, PEOPLE, MEMBERS, COUNTERS, CHANGE_SETS, CHANGES}
    return own | {shape.file for shape in roots()}


def unpack(
    archive: Path, target: Path, settings: Settings, progress: Progress = no_progress
) -> dict[str, str]:
    """Copy the files of an archive into an empty folder; return the sha256 of each by name.

    Raises `ArchiveError` naming the entry that is not as it should be; the target is then useless.
    """
    (target / DOCUMENTS).mkdir(parents=True)
    with _entries(archive) as (entries, opened):
        wanted = _checked(entries, settings)
        total = sum(entry.size for entry in wanted)
        done, sums = 0, {}
        for entry in wanted:
            with _open(entry, opened) as source:
                sums[entry.name] = _copy(entry, source, target / entry.name)
            done += entry.size
            progress("unpacking", done, total)
    return sums


@contextmanager
def _entries(archive: Path) -> Iterator[tuple[list[Entry], zipfile.ZipFile | None]]:
    if archive.is_dir():
        yield _in_folder(archive), None
        return
    if not archive.is_file():
        raise NotFoundError(f"There is no file or folder {archive}.")
    try:
        opened = zipfile.ZipFile(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ArchiveError(
            f"{archive.name} is no whole zip file ({error}); copy it again, or unpack it and "
            "import the folder."
        ) from error
    with opened:
        yield _in_zip(opened), opened


def _in_folder(folder: Path) -> list[Entry]:
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise _refused(name, "is a symbolic link; put the file itself there")
        if path.is_file():
            found.append(Entry(name, path.stat().st_size, path))
    return found


def _in_zip(opened: zipfile.ZipFile) -> list[Entry]:
    found = []
    for info in opened.infolist():
        if info.is_dir():
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            raise _refused(info.filename, "is a symbolic link; put the file itself there")
        if info.flag_bits & ENCRYPTED:
            raise _refused(info.filename, "is encrypted; pack it without a password")
        if info.file_size > max(SMALL, HIGHEST_RATIO * info.compress_size):
            raise _refused(
                info.filename,
                f"would grow from {info.compress_size:,} to {info.file_size:,} bytes, which no "
                "file of an archive does",
            )
        found.append(Entry(info.orig_filename, info.file_size, info))
    return found


def _checked(entries: list[Entry], settings: Settings) -> list[Entry]:
    """Refuse names and sizes no archive has, before a byte is written."""
    seen: set[str] = set()
    names = known_files()
    if len(entries) > settings.max_archive_files:
        raise ArchiveError(
            f"The archive has {len(entries):,} files; at most {settings.max_archive_files:,} are "
            "taken (RETRODUCE_MAX_ARCHIVE_FILES)."
        )
    for entry in entries:
        _check_name(entry.name, names)
        if entry.name.casefold() in seen:
            raise _refused(entry.name, "is there twice; keep one")
        seen.add(entry.name.casefold())
    total = sum(entry.size for entry in entries)
    if total > settings.max_archive_bytes:
        raise ArchiveError(
            f"The archive would unpack to {total:,} bytes; at most "
            f"{settings.max_archive_bytes:,} are taken (RETRODUCE_MAX_ARCHIVE_BYTES)."
        )
    for name in (MANIFEST, REVIEW):
        if name not in seen:
            raise ArchiveError(f"There is no {name}; is this an archive of Retroduce?")
    return [entry for entry in entries if entry.name not in NOT_READ]


def _check_name(name: str, names: set[str]) -> None:
    parts = name.split("/")
    if "\\" in name or ":" in name or name.startswith("/") or ".." in parts or "\x00" in name:
        raise _refused(name, "would be written outside its folder; an archive never asks for that")
    if name in names or name in NOT_READ or (DOCUMENT.fullmatch(name) and parts[1] not in ".."):
        return
    raise _refused(name, "is no file of an archive; take it out")


def _refused(name: str, why: str) -> ArchiveError:
    return ArchiveError(f"{name!r} {why}.", extra={"file": name})


@contextmanager
def _open(entry: Entry, opened: zipfile.ZipFile | None) -> Iterator[BinaryIO]:
    if isinstance(entry.member, Path):
        with entry.member.open("rb") as file:
            yield file
    elif opened is not None:
        with opened.open(entry.member) as packed:
            yield cast("BinaryIO", packed)


def _copy(entry: Entry, source: BinaryIO, target: Path) -> str:
    """Copy no more than was announced; return the sha256."""
    digest, size = hashlib.sha256(), 0
    try:
        with target.open("wb") as into:
            while block := source.read(BLOCK):
                size += len(block)
                if size > entry.size:
                    raise _refused(entry.name, "is longer than announced; the archive is broken")
                digest.update(block)
                into.write(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise _refused(
            entry.name, f"cannot be unpacked ({error}); copy the archive again"
        ) from error
    if size != entry.size:
        raise _refused(entry.name, "is shorter than announced; copy the archive again")
    return digest.hexdigest()
