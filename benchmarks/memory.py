"""Write a table in this process and print its memory, before and at the highest, in MB."""

import json
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from sqlalchemy.orm import Session

from app.config import Settings
from app.db import make_engine
from benchmarks import ours
from benchmarks.corpus import review_of


class Watch(threading.Thread):
    """Looks at resident memory a hundred times a second and keeps the highest."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.process = psutil.Process()
        self.idle = self.peak = self.resident()

    def resident(self) -> float:
        """Return resident memory in MB."""
        return float(self.process.memory_info().rss) / 1e6

    def run(self) -> None:
        while True:
            self.peak = max(self.peak, self.resident())
            time.sleep(0.01)


def main(form: str, slug: str) -> None:
    with Session(make_engine(Settings())) as session, TemporaryDirectory() as folder:
        review_of(session, slug)  # an open database is part of being idle
        watch = Watch()
        watch.start()
        if form == "csv":
            with (Path(folder) / "table.csv").open("wb") as out:
                out.writelines(ours.table_csv(session, slug))
        else:
            ours.table_xlsx(session, slug, Path(folder) / "table.xlsx")
        print(json.dumps([watch.idle, watch.peak]))


if __name__ == "__main__":
    main(*sys.argv[1:])
