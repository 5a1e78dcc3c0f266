"""Figures within a page: as wide as there is room for, and never smaller than one can read."""

import re

LEGIBLE = 0.8
"""Share of its own size down to which a figure shrinks: its letters of 12.5 then have 10."""
_WIDTH = re.compile(r'<svg [^>]*?\bwidth="([\d.]+)"')


def least_width(svg: str) -> int:
    """Return how many pixels wide a figure has to be shown at the least."""
    found = _WIDTH.match(svg)
    return round(float(found.group(1)) * LEGIBLE) if found else 0
