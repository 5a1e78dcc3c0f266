"""Settings, read from the environment (`RETRODUCE_*`) with safe defaults."""

import os
from functools import cache
from pathlib import Path

from pydantic import Field, HttpUrl
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).parent


def default_data_dir() -> Path:
    """Return the folder of this machine's user, by the XDG base directory convention."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "retroduce"


class Settings(BaseSettings):
    """What an installation may choose; each field is documented in `docs/settings.md`."""

    model_config = SettingsConfigDict(env_prefix="RETRODUCE_", extra="ignore")

    data_dir: Path = Field(default_factory=default_data_dir)
    database_url: str = ""
    base_url: HttpUrl | None = None
    trusted_proxies: str = "127.0.0.1"
    max_body_bytes: int = Field(default=32 * 1024 * 1024, ge=1024)
    document_seconds: int = Field(default=60, ge=1, le=3600)
    document_megabytes: int = Field(default=2048, ge=256)
    max_archive_bytes: int = Field(default=2 * 1024**3, ge=1024)
    max_archive_files: int = Field(default=20_000, ge=10)
    session_days: int = Field(default=14, ge=1, le=365)
    sign_in_attempts: str = "10/minute"
    kept_mib: int = Field(default=256, ge=0)
    password_memory_kib: int = Field(default=65536, ge=32)  # 8 for each of 4 lanes
    password_rounds: int = Field(default=3, ge=1)
    log_level: str = "INFO"
    log_format: str = Field(default="json", pattern="^(json|text)$")

    @property
    def url(self) -> str:
        """The SQLAlchemy URL: PostgreSQL through psycopg 3, or SQLite in the data folder."""
        if not self.database_url:
            return f"sqlite:///{self.data_dir / 'retroduce.db'}"
        for scheme in ("postgresql://", "postgres://"):
            if self.database_url.startswith(scheme):
                return "postgresql+psycopg://" + self.database_url.removeprefix(scheme)
        return self.database_url

    @property
    def files_dir(self) -> Path:
        """Folder of uploaded files, content-addressed by sha256, beside the database."""
        return self.data_dir / "files"

    @property
    def staging_dir(self) -> Path:
        """Folder of what is being checked before it is written; nothing in it is needed later."""
        return self.data_dir / "staging"

    @property
    def link_base(self) -> str:
        """Start of absolute links, without a trailing slash; empty when links stay relative."""
        return str(self.base_url).rstrip("/") if self.base_url else ""


@cache
def shipped(name: str) -> Path:
    """Return a folder that travels with the code, in a checkout or inside the wheel."""
    inside = PACKAGE / f"_{name}"
    return inside if inside.is_dir() else PACKAGE.parent / name
