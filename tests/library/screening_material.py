"""What tests of screening stand on: sources, and decisions by name."""

from typing import Any

from tests.conftest import Door, World

ANY = {"If-Match": "*"}
TITLE, FULL, RIGOUR = 1, 2, 3
"""The default stages, by number."""


def done(answer: Any) -> Any:
    assert answer.status_code < 300, answer.text
    return answer.json() if answer.content else None


def refused(answer: Any, status: int = 422) -> str:
    assert answer.status_code == status, answer.text
    detail: str = answer.json()["detail"]
    return detail


class Desk:
    """One review's screening as its people do it."""

    def __init__(self, world: World, sources: int = 0) -> None:
        self.world, self.base = world, world.base
        if sources:
            items = [{"title": f"Work {n}", "year": 2000 + n % 20} for n in range(1, sources + 1)]
            done(self.door().post(f"{self.base}/sources/bulk", json={"items": items}))

    def door(self, who: str = "coder") -> Door:
        return self.world.door(who)

    def try_decide(self, source: int, stage: int, verdict: str, **more: Any) -> Any:
        who = more.pop("who", "coder")
        body = {"source_id": source, "stage_id": stage, "verdict": verdict, **more}
        return self.door(who).post(f"{self.base}/decisions", json=body)

    def decide(self, source: int, stage: int, verdict: str, **more: Any) -> Any:
        return done(self.try_decide(source, stage, verdict, **more))

    def reason(self, stage: int, label: str) -> int:
        body = {"stage_id": stage, "label": label}
        number: int = done(self.door("editor").post(f"{self.base}/exclusion-reasons", json=body))[
            "id"
        ]
        return number

    def change_stage(self, stage: int, **changes: Any) -> Any:
        path = f"{self.base}/stages/{stage}"
        return done(self.door("editor").patch(path, json=changes, headers=ANY))

    def get(self, path: str, who: str = "coder") -> Any:
        return done(self.door(who).get(f"{self.base}/{path}"))

    def queue(self, stage: int, who: str = "coder", **params: Any) -> list[int]:
        answer = self.door(who).get(f"{self.base}/stages/{stage}/queue", params=params)
        return [item["id"] for item in done(answer)["items"]]

    def end(self, source: int) -> tuple[str, int | None]:
        standing = self.get(f"sources/{source}/screening")
        return standing["end"], standing["stage_id"]
