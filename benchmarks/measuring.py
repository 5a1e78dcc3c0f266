"""Timing ours and a baseline turn by turn, and the lines of the table they make."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from rich.console import Console
from rich.table import Table

Call = Callable[[], object]


class NotThereError(Exception):
    """What a scenario measures is not part of this version of the application."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table; `figure` is held against `target`, both in `unit`."""

    scenario: str
    ours: str
    baseline: str
    figure: float | None
    target: float
    unit: str = "x"
    note: str = ""

    @property
    def verdict(self) -> str:
        """Met, missed, or not measured."""
        if self.figure is None:
            return "not measured"
        return "met" if self.figure <= self.target else "MISSED"


def seconds(call: Call) -> float:
    """Return how long one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def side_by_side(ours: Call, baseline: Call, *, rounds: int, calls: int = 1) -> tuple[float, float]:
    """Return seconds per call of both: the best round's median, the two taking turns.

    Other work on the machine slows both alike; the best round is the one least disturbed.
    """
    ours(), baseline()  # the first call pays for caches
    gc.collect()
    gc.freeze()  # as our server does at start-up
    rounds_ours, rounds_baseline = [], []
    for _ in range(rounds):
        gc.collect()
        pairs = [(seconds(ours), seconds(baseline)) for _ in range(calls)]
        rounds_ours.append(median(pair[0] for pair in pairs))
        rounds_baseline.append(median(pair[1] for pair in pairs))
    gc.unfreeze()
    return min(rounds_ours), min(rounds_baseline)


def ratio_line(scenario: str, times: tuple[float, float], target: float, note: str = "") -> Line:
    """Return the line of a scenario that is a ratio of two times."""
    ours, baseline = times
    return Line(scenario, spoken(ours), spoken(baseline), ours / baseline, target, note=note)


def missing_line(scenario: str, baseline: float | None, target: float, why: str) -> Line:
    """Return the line of a scenario we have no answer to yet."""
    return Line(scenario, "-", spoken(baseline) if baseline else "-", None, target, note=why)


def spoken(duration: float) -> str:
    """Return a duration in the unit people would say it in."""
    return f"{duration * 1000:.2f} ms" if duration < 1 else f"{duration:.2f} s"


def print_table(lines: list[Line]) -> None:
    """Print the table, one line a scenario."""
    table = Table("scenario", title="Measured in one run on this machine")
    for heading in ("ours", "baseline", "figure", "target"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict")
    table.add_column("note")
    for line in lines:
        figure = "-" if line.figure is None else f"{line.figure:.2f} {line.unit}"
        target = f"≤ {line.target:g} {line.unit}"
        table.add_row(
            line.scenario, line.ours, line.baseline, figure, target, line.verdict, line.note
        )
    console = Console()
    Console(width=max(console.width, 140)).print(table)
