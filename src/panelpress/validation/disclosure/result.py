"""What an attack came to: attempts, claims, correct claims with a confidence interval, and the same for a control.

The control are targets that cannot be in the file (their facts are shuffled); what an attack gets right of them is luck.
Interval: Wilson score, 95 % (E. B. Wilson, JASA 22, 1927).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.959964


@dataclass(frozen=True, slots=True)
class AttackResult:
    """One attack on one study. ``rate`` is correct claims of attempts; for an attack that predicts, its accuracy, and ``control``
    the base rate. ``published`` marks residual risk that is told openly and does not stop a release."""

    attack: str
    study: str
    attempts: int
    claims: int
    correct: int
    control_attempts: int
    control_correct: int
    margin: float = 0.0
    published: bool = False

    @property
    def rate(self) -> float:
        return self.correct / self.attempts if self.attempts else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.correct, self.attempts)

    @property
    def control_upper(self) -> float:
        """Upper bound of what luck explains."""
        return wilson(self.control_correct, self.control_attempts)[1]

    @property
    def bites(self) -> bool:
        """True where the attack does better than luck and the allowed margin explain. Its own lower bound must clear the
        control's upper bound, so that a handful of lucky hits among few attempts is no alarm."""
        return self.claims > 0 and self.interval[0] > self.control_upper + self.margin


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % confidence interval of a share; (0, 1) where nothing was tried."""
    if n == 0:
        return (0.0, 1.0)
    share, square = hits / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return (max(0.0, middle - half), min(1.0, middle + half))
