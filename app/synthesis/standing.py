"""Which configurations stand, and which stand for others, when a question walks along links.

A raw configuration that belongs to a consolidated one is walked as that one and does not stand
beside it; if it belongs to several, as each of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, String, select, type_coerce
from sqlalchemy.orm import Session

from app.theory.filters import memberships
from app.theory.models import Configuration
from app.theory.vocabulary import ConfigurationKind, ConfigurationStatus

_configuration = Configuration.__table__.c


@dataclass(slots=True)
class Standing:
    """Which configurations stand, and for whom each stands."""

    kinds: Mapping[int, str]
    """Those not retired."""
    wholes: Mapping[int, Sequence[int]]
    """The consolidated ones that a raw one belongs to."""
    members: Mapping[int, Sequence[int]]

    def walked_as(self, number: int) -> Sequence[int]:
        """Return what a configuration is walked as: the wholes it belongs to, or itself."""
        if number in self.wholes:
            return self.wholes[number]
        return (number,) if number in self.kinds else ()

    def is_counted(self, number: int) -> bool:
        """Say whether it counts by default: neither constructed nor consolidated in another."""
        kind = self.kinds.get(number, ConfigurationKind.CONSTRUCTED)
        return number not in self.wholes and kind != ConfigurationKind.CONSTRUCTED

    @property
    def counted(self) -> list[int]:
        """Return everything that counts by default."""
        return [number for number in self.kinds if self.is_counted(number)]

    def with_members(self, numbers: Iterable[int]) -> list[int]:
        """Return configurations and those they stand for."""
        chosen = set(numbers)
        return sorted({*chosen, *(m for n in chosen for m in self.members.get(n, ()))})


def read_standing(
    session: Session, review_id: int, where: Iterable[ColumnElement[bool]] = ()
) -> Standing:
    """Read which configurations stand, and what the consolidated ones among them stand for.

    `where` lets only some stand, by conditions on the configuration.
    """
    rows = session.execute(
        select(_configuration.id, type_coerce(_configuration.kind, String)).where(
            _configuration.review_id == review_id,
            _configuration.status != ConfigurationStatus.RETIRED,
            *where,
        )
    )
    kinds = {row[0]: row[1] for row in rows.all()}
    wholes: dict[int, list[int]] = defaultdict(list)
    members: dict[int, list[int]] = defaultdict(list)
    for whole, part in session.execute(memberships(review_id)).all():
        if whole in kinds:
            wholes[part].append(whole)
            members[whole].append(part)
    return Standing(kinds, {part: sorted(found) for part, found in wholes.items()}, members)
