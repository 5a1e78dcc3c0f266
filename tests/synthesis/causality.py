"""Builds reviews of chains through the API, and the web of causality that tests walk.

Web: K1 conflict → K2 trust → K3 risk → K4 behaviour → K5 effectiveness (C1 to C4), K6 progress →
K7 faith → K4 behaviour (C5, C6), K5 effectiveness → K1 conflict (C7), which closes a loop.
Sources: S1, S2, S4, S5 primary studies, S3 a review.

| | | supports | refutes | fed by |
|---|---|---|---|---|
| C1 | conflict high → trust reduced | S1, S2 | S3 | C7 (L7) |
| C2 | trust low → risk reduced | S1, S2 | | C1 (L1) |
| C3 | risk reduced → behaviour reduced | S2, S4 | | C2 (L2) |
| C4 | behaviour low → effectiveness reduced | S4 | | C3 (L3), C6 (L5) |
| C5 | progress low → faith reduced | S1 | | |
| C6 | faith low → behaviour reduced | S5 | | C5 (L4) |
| C7 | effectiveness low → conflict increased | S5 | | C4 (L6) |
"""

from dataclasses import dataclass
from typing import Any

from tests.conftest import Door

Json = dict[str, Any]
LABELS = ("conflict", "trust", "risk", "behaviour", "effectiveness", "progress", "faith")
STEPS = (
    (1, "high", 2, "reduced", (1, 2), (3,)),
    (2, "low", 3, "reduced", (1, 2), ()),
    (3, "reduced", 4, "reduced", (2, 4), ()),
    (4, "low", 5, "reduced", (4,), ()),
    (6, "low", 7, "reduced", (1,), ()),
    (7, "low", 4, "reduced", (5,), ()),
    (5, "low", 1, "increased", (5,), ()),
)
LINKS = ((1, 2), (2, 3), (3, 4), (5, 6), (6, 4), (4, 7), (7, 1))


def element(role: str, concept: int | None, state: str = "not_stated", **more: Any) -> Json:
    return {
        "role": role,
        "wording": f"{role} {concept}",
        "concept_id": concept,
        "state": state,
        **more,
    }


@dataclass
class Web:
    """A review being written, as one person's door; its concepts and sources are there."""

    door: Door
    base: str

    def post(self, path: str, body: Json, status: int = 201) -> Any:
        answer = self.door.post(f"{self.base}{path}", json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def add(
        self,
        *elements: Json,
        supports: tuple[int, ...] = (),
        refutes: tuple[int, ...] = (),
        **more: Any,
    ) -> int:
        evidence: list[Json] = [{"source_id": source} for source in supports]
        evidence += [{"source_id": source, "stance": "refutes"} for source in refutes]
        body = {"elements": list(elements), "evidence": evidence, **more}
        number: int = self.post("/configurations", body)["id"]
        return number

    def step(self, fed: Json | int, outcome: Json | int, *supports: int, **more: Any) -> int:
        """Add a configuration of one context (1) and one outcome (2)."""
        first = element("context", fed) if isinstance(fed, int) else fed
        last = element("outcome", outcome) if isinstance(outcome, int) else outcome
        return self.add(first, last, supports=supports, **more)

    def feed(
        self, start: int, end: int, out: int | None = 2, into: int | None = 1, **more: Any
    ) -> int:
        body = {
            "kind": "feeds",
            "from_id": start,
            "to_id": end,
            "from_element_n": out,
            "to_element_n": into,
            "reason": "ripple",
            **more,
        }
        number: int = self.post("/links", body)["id"]
        return number

    def ask(self, **wish: Any) -> Json:
        query = {name.rstrip("_"): value for name, value in wish.items()}
        answer = self.door.get(f"{self.base}/chains", params=query)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def ways(self, **wish: Any) -> list[list[int]]:
        return [chain["configurations"] for chain in self.ask(**wish)["chains"]]

    def possible(self, **wish: Any) -> list[tuple[int, int, int, int]]:
        items = self.door.get(f"{self.base}/links/possible", params=wish).json()["items"]
        names = ("from_id", "from_element_n", "to_id", "to_element_n")
        return [tuple(item[name] for name in names) for item in items]


def empty_web(door: Door, base: str) -> Web:
    """A review with seven concepts and five sources, and no configuration."""
    web = Web(door, base)
    for label in LABELS:
        web.post("/concepts", {"label": label})
    kinds = {3: "review"}
    sources = [{"title": f"Work {n}", "kind": kinds.get(n, "primary_study")} for n in range(1, 6)]
    web.post("/sources/bulk", {"items": sources})
    return web


def fill(web: Web) -> Web:
    """Write the web described above."""
    for fed, state, outcome, result, supports, refutes in STEPS:
        first, last = element("context", fed, state), element("outcome", outcome, result)
        web.add(first, last, supports=supports, refutes=refutes)
    for start, end in LINKS:
        web.feed(start, end)
    return web
