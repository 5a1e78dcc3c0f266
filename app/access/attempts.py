"""How often somebody may try a password; kept in memory, so each process counts its own."""

import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.errors import TooManyRequestsError


class Attempts:
    """Counts attempts in a moving window, by client address and by e-mail address."""

    def __init__(self, allowed: str) -> None:
        self.allowed = parse(allowed)
        self.windows = MovingWindowRateLimiter(MemoryStorage())

    def take(self, address: str, email: str) -> None:
        """Count one attempt; raises `TooManyRequestsError` when either has had too many."""
        for key in (("address", address), ("email", email.strip().lower()[:320])):
            if not self.windows.hit(self.allowed, *key):
                seconds = self._wait(key)
                raise TooManyRequestsError(
                    f"Too many attempts to sign in; try again in {seconds} seconds.",
                    headers={"Retry-After": str(seconds)},
                )

    def _wait(self, key: tuple[str, str]) -> int:
        stats = self.windows.get_window_stats(self.allowed, *key)
        return max(1, round(stats.reset_time - time.time()))
