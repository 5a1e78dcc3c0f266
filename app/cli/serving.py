"""Serving the workbench and the API, and the demo."""

import shlex
import shutil
import socket
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.models import Review, UserAccount
from app.access.service import LINK_MINUTES
from app.cli.alone import claim_path, only_server
from app.cli.chains import ask_for_chains
from app.cli.failures import telling
from app.cli.questions import print_matrix
from app.cli.served import note_address
from app.cli.terminal import Format, err, local_user, make_link, open_store, out
from app.cli.work import write_evidence
from app.config import Settings, default_data_dir, shipped
from app.db import begin_writing, make_engine, make_sessions
from app.errors import ConflictError
from app.exchange.archive.arriving import import_archive
from app.main import create_app
from app.migrations import is_empty, refuse_old_schema, upgrade
from app.synthesis.chains import ChainWish

DEMO_CHAIN = ChainWish.model_validate({"from": "K9", "to": "K12", "limit": 1})
ALL_CHAINS = "retroduce chains --review aunger-2021 --from K9 --to K12 --limit 20"
DEMO_MARK = ".retroduce-demo"
Host = Annotated[str, typer.Option(help="address to listen on")]
Port = Annotated[int, typer.Option(envvar="PORT", min=0, max=65535, help="port to listen on")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(serve)
    app.command()(demo)


def serve(
    *,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    local: Annotated[
        bool, typer.Option("--local", help="print a one-time sign-in link for this machine's user")
    ] = False,
) -> None:
    """Serve the workbench and the API."""
    settings = Settings()
    engine = make_engine(settings)
    if is_empty(engine):
        upgrade(engine)
    refuse_old_schema(engine)
    engine.dispose()
    with only_server(settings):
        note_address(settings, host, port)
        if local:
            with open_store(settings, writing=True) as (session, user):
                _print_link(session, user, settings)
        _run(settings, host, port)


def demo(
    *,
    folder: Annotated[Path | None, typer.Option("--dir", help="folder of the demo")] = None,
    host: Host = "127.0.0.1",
    port: Port = 8000,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", envvar="SERVE")] = True,
    fresh: Annotated[bool, typer.Option(help="start over, forgetting the demo so far")] = False,
) -> None:
    """Load the shipped reviews into a folder of their own, show an answer, and serve."""
    home = (folder or default_data_dir().with_name("retroduce-demo")).resolve()
    _claim_folder(home)
    settings = Settings(data_dir=home, database_url="")
    with telling(settings), only_server(settings) if serve_it or fresh else nullcontext():
        if fresh:
            _forget(home)
        _load_demo(settings)
        if serve_it:
            port = _free_port(host, port)
            note_address(settings, host, port)
        _show_demo(settings, home)
        if serve_it:
            with open_store(settings, writing=True) as (session, user):
                _print_link(session, user, settings)
            _run(settings, host, port)


def _load_demo(settings: Settings) -> None:
    engine = make_engine(settings)
    upgrade(engine)
    with make_sessions(engine)() as session:
        begin_writing(session)
        user = local_user(session, settings)
        for seed in sorted(path.parent for path in shipped("seeds").glob("*/review.json")):
            if session.scalar(select(Review.id).where(Review.slug == seed.name)) is None:
                import_archive(session, seed, user, settings, f"seed {seed.name}")
        session.commit()
    engine.dispose()


def _show_demo(settings: Settings, home: Path) -> None:
    with open_store(settings) as (session, user):
        print_matrix(session, user, "trust-and-faith", Format.TABLE)
        out.print("\nFrom conflict to effectiveness, in aunger-2021:")
        ask_for_chains(session, user, "aunger-2021", Format.TABLE, DEMO_CHAIN)
        out.print(f"All of them: RETRODUCE_DATA_DIR={shlex.quote(str(home))} {ALL_CHAINS}")
        table = home / "trust-and-faith-evidence.xlsx"
        rows = write_evidence(session, user, "trust-and-faith", table, settings=settings)
    out.print(f"\nEvidence table ({rows} rows): {table}", soft_wrap=True)


def _claim_folder(home: Path) -> None:
    """Mark an empty folder as the demo's; refuse any other."""
    mark = home / DEMO_MARK
    if home.exists() and any(home.iterdir()) and not mark.exists():
        raise ConflictError(f"{home} holds other things than a demo; choose another by --dir.")
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    mark.touch()


def _forget(home: Path) -> None:
    """Clear what a demo made, and nothing else."""
    for path in (*home.glob("retroduce.db*"), *home.glob("*-evidence.xlsx")):
        if path != claim_path(home / "retroduce.db"):
            path.unlink()
    shutil.rmtree(home / "files", ignore_errors=True)


def _print_link(session: Session, user: UserAccount, settings: Settings) -> None:
    link = make_link(session, user, settings)
    out.print(
        f"\nSign in as {user.name}, once, within {LINK_MINUTES} minutes:\n  {link}\n",
        soft_wrap=True,
    )


def _free_port(host: str, port: int) -> int:
    for candidate in range(port, port + 20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ConflictError(f"Ports {port} to {port + 19} are taken; choose another by --port.")


def _run(settings: Settings, host: str, port: int) -> None:
    err.print(f"Serving on http://{host}:{port} (Ctrl-C stops)", soft_wrap=True)
    uvicorn.run(
        create_app(settings),
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
    )
