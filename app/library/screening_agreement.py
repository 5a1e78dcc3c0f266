"""How far screeners agree who decided of the same sources, each for themselves."""

from collections.abc import Iterable, Mapping

from app.db import Schema
from app.library.appraisal.agreement import by_pair, cohens_kappa, compared, raw_agreement
from app.library.screening_models import ScreeningVerdict
from app.library.screening_standing import Cast

PLACES = {verdict: n for n, verdict in enumerate(ScreeningVerdict)}


class ScreenerPair(Schema):
    """How two screeners agree on the sources both decided of."""

    one: int
    other: int
    sources: int
    same: int
    """Of those: with the same verdict; reasons are not compared."""
    raw: float
    """The share of them, 0 to 1."""
    kappa: float | None
    """Cohen (1960); null where chance alone would make them agree on everything."""


class ScreeningAgreement(Schema):
    """How far screeners agree at a stage; checks and adjudications are no part of it."""

    sources: int
    """Sources that two or more decided of, each for themselves."""
    raw: float | None
    """Share of pairs of decisions of one source with the same verdict, over sources."""
    pairs: list[ScreenerPair]


def screening_agreement(casts_by_source: Iterable[Iterable[Cast]]) -> ScreeningAgreement:
    """Compute the agreement at one stage from its decisions; the last of each person counts."""
    units = compared(map(_unit, casts_by_source))
    return ScreeningAgreement(
        sources=len(units),
        raw=raw_agreement(units),
        pairs=[_pair(*people, verdicts) for people, verdicts in by_pair(units).items()],
    )


def _unit(casts: Iterable[Cast]) -> Mapping[int, int]:
    latest = sorted(casts, key=lambda cast: (cast.decided_at, cast.id))
    return {cast.screener_id: PLACES[cast.verdict] for cast in latest if not cast.is_final}


def _pair(one: int, other: int, verdicts: list[tuple[int, int]]) -> ScreenerPair:
    same = sum(left == right for left, right in verdicts)
    return ScreenerPair(
        one=one,
        other=other,
        sources=len(verdicts),
        same=same,
        raw=same / len(verdicts),
        kappa=cohens_kappa(verdicts),
    )
