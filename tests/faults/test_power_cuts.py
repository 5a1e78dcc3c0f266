"""The server is killed in the middle of writes: what was acknowledged is there, nothing is half."""

import random
import time
from threading import Thread
from typing import Any

import httpx2
import pytest

from tests.faults.conftest import Place

pytestmark = pytest.mark.slow
MANY = 200
"""Sources of one bulk request: it takes longer than the pause between kills may be short."""


class Writer(Thread):
    """Sends one request after the other until the server is gone; keeps what was acknowledged."""

    def __init__(self, place: Place, name: str) -> None:
        super().__init__()
        self.place, self.label = place, name
        self.acknowledged: list[str] = []
        self.sent = 0
        self.refused: list[int] = []

    def body(self) -> tuple[str, Any, list[str]]:
        title = f"{self.label} {self.sent}"
        return "/sources", {"title": title}, [title]

    def run(self) -> None:
        with self.place.client() as client:
            while True:
                self.sent += 1
                path, body, titles = self.body()
                try:
                    answer = client.post(path, json=body)
                except httpx2.TransportError:
                    return
                if answer.status_code == 201:
                    self.acknowledged += titles
                else:
                    self.refused.append(answer.status_code)


class BulkWriter(Writer):
    """Sends many sources at once: all of a request are there, or none."""

    def body(self) -> tuple[str, Any, list[str]]:
        titles = [f"{self.label} {self.sent} part {n}" for n in range(MANY)]
        return "/sources/bulk", {"items": [{"title": t} for t in titles]}, titles


def test_no_acknowledged_write_is_lost_and_none_is_half_done(
    place: Place, request: pytest.FixtureRequest
) -> None:
    chance = random.Random(20)
    acknowledged: set[str] = set()
    for kill in range(request.config.getoption("--kills")):
        place.start()
        writers = [Writer(place, f"one {kill}"), BulkWriter(place, f"many {kill}")]
        for writer in writers:
            writer.start()
        time.sleep(chance.uniform(0.2, 0.9))
        place.kill()
        for writer in writers:
            writer.join()
            assert writer.refused == []
            acknowledged |= set(writer.acknowledged)
    place.start()
    sources = place.sources()
    titles = [source["title"] for source in sources]
    assert acknowledged
    assert acknowledged <= set(titles)
    assert len(titles) == len(set(titles))
    assert [source["id"] for source in sources] == sorted({source["id"] for source in sources})
    whole: dict[str, int] = {}
    for title in titles:
        if " part " in title:
            request_name = title.partition(" part ")[0]
            whole[request_name] = whole.get(request_name, 0) + 1
    assert set(whole.values()) == {MANY}
    with place.client() as client:
        history = client.get("/history", params={"limit": 1, "count": True}).json()
        assert history["total"] == 1 + sum(" part " not in title for title in titles) + len(whole)
