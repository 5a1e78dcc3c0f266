"""The letters of roles and the marks of states, so that colour is never alone in a figure."""

from app.theory.vocabulary import Role, State

ROLE_LETTERS: dict[str, str] = {
    Role.CONTEXT: "C",
    Role.INTERVENTION: "I",
    Role.STRATEGY: "S",
    Role.ACTOR: "A",
    Role.AGENCY: "A",
    Role.RESOURCE: "R",
    Role.RESPONSE: "M",
    Role.MECHANISM: "M",
    Role.OUTCOME: "O",
}
STATE_MARKS: dict[str, str] = {
    State.HIGH: "▲",
    State.INCREASED: "▲",
    State.LOW: "▼",
    State.REDUCED: "▼",
    State.PRESENT: "●",
    State.MAINTAINED: "●",
    State.ABSENT: "○",
    State.MIXED: "◐",
    State.NOT_STATED: "",
}
