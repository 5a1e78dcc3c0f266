"""How often Python looks for cycles of objects: seldom, while very many without any are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

USUAL = gc.get_threshold()
SELDOM = 50_000
"""Objects made between two looks."""


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for cycles seldom: rows hold none, and looking took a quarter of an import's time."""
    gc.set_threshold(SELDOM, *USUAL[1:])
    try:
        yield
    finally:
        gc.set_threshold(*USUAL)
