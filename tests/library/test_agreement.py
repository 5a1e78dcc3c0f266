"""Coefficients of agreement against published and hand-calculated values."""

import pytest

from app.library.appraisal.agreement import by_pair, cohens_kappa, ordinal_alpha, raw_agreement

# Krippendorff K. Computing Krippendorff's Alpha-Reliability (2011), section E: four observers,
# twelve units, gaps; ordinal alpha 0.815.
OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def units(*observers: str) -> list[dict[int, int]]:
    columns = zip(*(line.split() for line in observers), strict=True)
    said = [{n: int(v) for n, v in enumerate(unit) if v != "."} for unit in columns]
    return [unit for unit in said if len(unit) > 1]


def test_ordinal_alpha_is_the_published_one() -> None:
    assert ordinal_alpha(units(*OBSERVERS)) == pytest.approx(0.815, abs=5e-4)


def test_alpha_does_not_depend_on_who_is_who_or_how_levels_are_numbered() -> None:
    turned = [line.translate(str.maketrans("12345", "97531")) for line in reversed(OBSERVERS)]
    assert ordinal_alpha(units(*turned)) == pytest.approx(ordinal_alpha(units(*OBSERVERS)))


def test_kappa_by_hand() -> None:
    """20 both yes, 15 both no, 5 and 10 apart: observed 0.7, by chance 0.5, so 0.4."""
    pairs = [(1, 1)] * 20 + [(0, 0)] * 15 + [(1, 0)] * 5 + [(0, 1)] * 10
    assert cohens_kappa(pairs) == pytest.approx(0.4)


def test_raw_agreement_takes_every_pair_of_a_subject() -> None:
    assert raw_agreement(units("1 1", "1 1", "2 1")) == pytest.approx((1 / 3 + 1) / 2)


def test_opposed_and_equal_judgements_are_the_ends() -> None:
    same = units("1 2 3", "1 2 3")
    assert (raw_agreement(same), ordinal_alpha(same), cohens_kappa(by_pair(same)[0, 1])) == (
        1,
        1,
        1,
    )
    assert (ordinal_alpha(units("1 2", "2 1")) or 0) < 0


def test_what_cannot_be_said_is_not_a_number() -> None:
    assert (raw_agreement([]), ordinal_alpha([]), cohens_kappa([])) == (None, None, None)
    alike = units("1 1", "1 1")
    assert (ordinal_alpha(alike), cohens_kappa(by_pair(alike)[0, 1])) == (None, None)
