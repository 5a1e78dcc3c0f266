"""`python -m benchmarks [scenario …] [--scale small|full] [--keep DIR]`: one table of ratios."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.corpus import SHAPES, Corpus, corpora
from benchmarks.measuring import Line, print_table

Scenario = Callable[[Sequence[Corpus]], Iterator[Line]]
SCENARIOS = {
    "page": "scenarios.page",
    "matrix": "functions.matrices",
    "chains": "chains.best_chains",
    "table": "functions.tables",
    "ris": "references.ris",
    "pdf": "documents.pdf",
    "duplicates": "duplicates.duplicates",
    "growth": "scenarios.growth",
    "search": "searching.search",
    "archive": "carrying.archive",
    "other": "carrying.other",
    "writers": "carrying.writers",
    "screens": "screens.screens",
    "start": "scenarios.start",
}


def scenario(name: str) -> Scenario:
    """Return a scenario; what it does not use is not imported."""
    module, function = SCENARIOS[name].split(".")
    found: Scenario = getattr(import_module(f"benchmarks.{module}"), function)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help=", ".join(SCENARIOS))
    parser.add_argument("--scale", choices=SHAPES, default="full")
    parser.add_argument(
        "--keep", type=Path, default=Path(".cache"), help="where databases are kept"
    )
    asked = parser.parse_args()
    unknown = set(asked.scenarios) - SCENARIOS.keys()
    if unknown:
        parser.error(f"no scenario {', '.join(sorted(unknown))}; there are {', '.join(SCENARIOS)}")
    databases = corpora(asked.scale, asked.keep)
    lines: list[Line] = []
    for name in asked.scenarios or SCENARIOS:
        print(f"{name} …", flush=True)
        lines += scenario(name)(databases)
    print_table(lines)


if __name__ == "__main__":
    main()
