"""What is measured over HTTP: pages, growth, cold start, memory."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import cycle
from statistics import median

from benchmarks.codebook import PROBE
from benchmarks.coded import PROBED
from benchmarks.corpus import LARGE, Corpus
from benchmarks.measuring import (
    Line,
    NotThereError,
    missing_line,
    ratio_line,
    seconds,
    side_by_side,
    spoken,
)
from benchmarks.ours import concept_path, page_path, serve_command
from benchmarks.serving import Client, Server, serving, uvicorn

PAGE_TARGET = 1.6
GROWTH_TARGET = 1.3
START_TARGET = 2.5  # seconds
MEMORY_TARGET = 150  # MB
MADE_UP = {"statement", "is_statement_written"}
"""Fields of ours that are no row: a sentence we make where nobody wrote one."""


def _get(client: Client, path: str) -> bytes:
    status, body = client.get(path)
    if status == 404:
        raise NotThereError(f"no {path.partition('?')[0]}")
    if status != 200:
        raise RuntimeError(f"{path}: {status} {body[:300]!r}")
    return body


def _by_hand_path(slug: str, after: int) -> str:
    return f"/by-hand/{slug}/configurations?limit=50&after={after}"


def _places(corpus: Corpus) -> list[int]:
    """Return forty places to start a page, spread over the large review."""
    last = corpus.shape.sizes[LARGE] - 50
    return [max(last, 0) * part // 39 for part in range(40)]


def _walk(client: Client, path: Callable[[str, int], str], corpus: Corpus) -> Callable[[], object]:
    """Return a call that gets another page each time."""
    places = cycle(_places(corpus))
    return lambda: _get(client, path(LARGE, next(places)))


def _plain(body: bytes) -> list[dict[str, object]]:
    """Return items without what the two may word differently."""
    items: list[dict[str, object]] = json.loads(body)["items"]
    for item in items:
        for name in (*MADE_UP, "created_at"):
            item.pop(name, None)
        for element in item["elements"] if isinstance(item["elements"], list) else []:
            element["is_intended"] = bool(element.get("is_intended"))
    return items


def page(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure a page of 50 configurations against the same rows by hand."""
    corpus = databases[-1]
    name = f"page of 50, {corpus.shape.configurations:,} configurations"
    with serving(uvicorn("benchmarks.servers:make_both"), corpus.settings) as server:
        client = Client(server.port, corpus.token)
        by_hand = _walk(client, _by_hand_path, corpus)
        try:
            body = _get(client, page_path(LARGE, 0))
        except NotThereError as missing:
            alone = median(seconds(by_hand) for _ in range(200))
            yield missing_line(name, alone, PAGE_TARGET, str(missing))
            return
        if _plain(body) != _plain(_get(client, _by_hand_path(LARGE, 0))):
            raise AssertionError("our page and the one by hand hold different rows")
        times = side_by_side(_walk(client, page_path, corpus), by_hand, rounds=7, calls=40)
        yield ratio_line(name, times, PAGE_TARGET, "the sentence we make is in ours alone")


def growth(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure how the same questions slow down from one database to ten times as much."""
    with ExitStack() as stack:
        clients = []
        for corpus in databases:
            command = uvicorn("benchmarks.servers:make_both")
            server = stack.enter_context(serving(command, corpus.settings))
            clients.append(Client(server.port, corpus.token))
        pairs = list(zip(clients, databases, strict=True))
        for name, calls in (
            ("page", [_walk(client, page_path, corpus) for client, corpus in pairs]),
            ("one concept", [_concept(client) for client in clients]),
            ("page by hand", [_walk(client, _by_hand_path, corpus) for client, corpus in pairs]),
        ):
            yield from _steps(name, calls, databases)


def _concept(client: Client) -> Callable[[], object]:
    def ask() -> object:
        items = json.loads(_get(client, concept_path(LARGE, PROBE)))["items"]
        if len(items) != PROBED:
            raise AssertionError(f"{len(items)} configurations are about K{PROBE}, not {PROBED}")
        return items

    return ask


def _steps(
    name: str, calls: Sequence[Callable[[], object]], databases: Sequence[Corpus]
) -> Iterator[Line]:
    for place in range(1, len(calls)):
        before, after = databases[place - 1].shape.evidence, databases[place].shape.evidence
        title = f"growth: {name}, {before:,} → {after:,}"
        try:
            larger, smaller = side_by_side(calls[place], calls[place - 1], rounds=7, calls=30)
        except NotThereError as missing:
            yield missing_line(title, None, GROWTH_TARGET, str(missing))
            return
        yield ratio_line(title, (larger, smaller), GROWTH_TARGET)


def start(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure seconds from the command to the first answer, and memory when idle and after use."""
    corpus = databases[-1]
    ours, bare = [], []
    for _ in range(3):
        with serving(serve_command(), corpus.settings) as server:
            ours.append((server.started_in, server.resident, _used(server, corpus)))
        with serving(uvicorn("benchmarks.bare:make"), corpus.settings) as server:
            bare.append((server.started_in, server.resident))
    fastest, fastest_bare = min(ours)[0], min(bare)[0]
    yield Line(
        "cold start of serve", spoken(fastest), spoken(fastest_bare), fastest, START_TARGET, "s"
    )
    idle, idle_bare = median(run[1] for run in ours), median(run[1] for run in bare)
    used = median(run[2] for run in ours)
    yield Line("memory when idle", f"{idle:.0f} MB", f"{idle_bare:.0f} MB", idle, MEMORY_TARGET,
        "MB", f"after 200 requests {used:.0f} MB")  # fmt: skip


def _used(server: Server, corpus: Corpus) -> float:
    """Return resident memory after some work."""
    client = Client(server.port, corpus.token)
    path = page_path(LARGE, 0)
    if client.get(path)[0] == 404:
        path = "/api/v1/reviews"
    for _ in range(200):
        client.get(path)
    return server.resident
