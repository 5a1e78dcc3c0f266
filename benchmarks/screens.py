"""What the screens of the workbench take, each asked over HTTP; the slowest is the figure."""

from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.corpus import MATRIX, Corpus
from benchmarks.measuring import Line, seconds, spoken
from benchmarks.ours import serve_command
from benchmarks.serving import Client, serving

TARGET = 0.3  # seconds, of a review with 5,000 configurations
ASKED = 7
SCREENS = (
    "",
    "/sources?limit=200",
    "/sources/1",
    "/sources/1/screening",
    "/sources/1/appraisal",
    "/documents",
    "/documents/verification",
    "/duplicates",
    "/imports",
    "/screening",
    "/quotes?limit=200",
    "/quotes?verification=not_found",
    "/configurations?limit=200",
    "/configurations/new",
    "/configurations/1",
    "/configurations/1/edit",
    "/configurations/1/mirror",
    "/concepts",
    "/concepts/1",
    "/concepts/1/split",
    "/concepts/alike",
    "/links?limit=200",
    "/links/1",
    "/memos",
    "/matrix",
    "/matrix?rows=mechanism",
    "/chains",
    "/theories",
    "/evidence",
    "/evidence?group=source",
    "/check",
    "/check?only=configuration_incomplete",
    "/history",
    "/search?q=trust",
    "/flow",
    "/settings",
)


def screens(databases: Sequence[Corpus]) -> Iterator[Line]:
    """Measure every screen of the review of 5,000 configurations, and name the slowest three."""
    corpus = databases[-1]
    times: dict[str, float] = {}
    with serving(serve_command(), corpus.settings) as server:
        client = Client(server.port, corpus.token)
        for screen in SCREENS:
            times[screen or "home"] = _ask(client, f"/reviews/{MATRIX}{screen}")
    slowest = sorted(times, key=lambda screen: -times[screen])
    note = ", ".join(f"{screen} {spoken(times[screen])}" for screen in slowest[:4])
    figure = times[slowest[0]]
    name = f"screens, {corpus.shape.sizes[MATRIX]:,} configurations, slowest of {len(SCREENS)}"
    yield Line(name, spoken(figure), "-", figure, TARGET, "s", note)


def _ask(client: Client, path: str) -> float:
    """Return the median seconds of a page; the first answer reads what is kept, and is not one."""
    status, body = client.get(path)
    if status != 200:
        raise RuntimeError(f"{path}: {status} {body[:300]!r}")
    return median(seconds(lambda: client.get(path)) for _ in range(ASKED))
