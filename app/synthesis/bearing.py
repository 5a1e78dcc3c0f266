"""What bears on a chain from beside it: moderators, substitutes and contradictions on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, String, select, type_coerce
from sqlalchemy.orm import Session

from app.synthesis.standing import Standing
from app.theory.link_models import ConfigurationLink
from app.theory.vocabulary import LinkKind

BEARING = (LinkKind.MODERATES, LinkKind.SUBSTITUTES_FOR, LinkKind.CONTRADICTS)
_link = ConfigurationLink.__table__.c


@dataclass(frozen=True, slots=True)
class Bearing:
    """A link that bears on a configuration or a link of the answer."""

    id: int
    kind: str
    from_id: int
    to_id: int | None
    to_link_id: int | None
    effect: str | None
    moderator: str | None
    """Contradictions: what resolves it, in words."""
    moderator_id: int | None
    """Contradictions: what resolves it, as a concept."""
    reason: str | None
    configurations: list[int]
    """What it bears on, as walked."""
    links: list[int]
    """The links it bears on."""


def read_bearing(
    session: Session,
    review_id: int,
    standing: Standing,
    nodes: Iterable[int],
    links: Iterable[int],
) -> list[Bearing]:
    """Read what bears on configurations and links, by number; of a substitute, either end."""
    rows = session.execute(
        select(
            _link.id,
            type_coerce(_link.kind, String),
            _link.from_id,
            _link.to_id,
            _link.to_link_id,
            type_coerce(_link.effect, String),
            _link.moderator,
            _link.moderator_id,
            _link.reason,
        )
        .where(_link.review_id == review_id, _link.kind.in_(BEARING))
        .order_by(_link.id)
    ).all()
    walked, linked = frozenset(nodes), frozenset(links)
    made = (_bearing(row, standing, walked, linked) for row in rows)
    return [bearing for bearing in made if bearing.configurations or bearing.links]


def _bearing(
    row: Row[int, str, int, int | None, int | None, str | None, str | None, int | None, str | None],
    standing: Standing,
    walked: frozenset[int],
    linked: frozenset[int],
) -> Bearing:
    _, kind, start, end, link, *_ = row
    starts, ends = standing.walked_as(start), standing.walked_as(end) if end else ()
    touched: Sequence[int] = ends if kind == LinkKind.MODERATES else (*starts, *ends)
    stands = bool(starts) and (end is None or bool(ends))
    return Bearing(
        *row,
        configurations=sorted(walked.intersection(touched)) if stands else [],
        links=[link] if stands and link in linked else [],
    )
