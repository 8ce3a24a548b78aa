"""The rule for small numbers: which counts are withheld, how the others are rounded, which bases are too small.

The marks are the shorthand of StatsWales; the README ("Publishing figures") has the rule and its settings.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

import msgspec

Mark = Literal["c", "k", "z", "x", "p", "r", "b", "u"]
"""StatsWales: `c` confidential, `k` rounds to zero, `z` not applicable, `x` unavailable, `p` provisional, `r` revised,
`b` break in series, `u` low reliability."""
Figure = int | float | Literal["c", "k", "z", "x"]
"""A published figure, or why there is none."""


class PublishingRule(msgspec.Struct, frozen=True, kw_only=True):
    """Counts from 1 up to (not including) `threshold` are withheld, the others are rounded to a multiple of `rounding`.
    A percentage needs a published base of at least `percent_base`; below `reliable_base` it is marked `u`. A percentile
    needs `threshold` waits on each side of it. A month is provisional until so many days after its end.

    Raises ValueError for settings that would protect nothing."""

    threshold: int = 5
    rounding: int = 5
    percent_base: int = 10
    reliable_base: int = 20
    provisional_days: int = 90

    def __post_init__(self) -> None:
        if self.threshold < 3 or self.rounding < 3:
            raise ValueError("a threshold and a rounding below 3 protect nothing")
        if self.threshold < self.rounding / 2:
            raise ValueError("a count that is not withheld must not round to 0")
        if min(self.percent_base, self.reliable_base) < self.threshold or self.provisional_days < 0:
            raise ValueError("a base must not be smaller than the threshold, a number of days not below 0")

    def is_small(self, count: int) -> bool:
        """Whether a count must be withheld for its own sake."""
        return 0 < count < self.threshold

    def rounded(self, count: int) -> int:
        """A count to the nearest multiple of `rounding`, halves up."""
        return (2 * count + self.rounding) // (2 * self.rounding) * self.rounding

    def shown_for(self, count: int) -> tuple[int, int]:
        """The least and the greatest count that are published as this one is; a 0 is published as it is."""
        if count == 0:
            return 0, 0
        shown = self.rounded(count)
        low = shown - self.rounding // 2
        return max(low, self.threshold), low + self.rounding - 1

    def percentile_base(self, fraction: Fraction) -> int:
        """How many waits a percentile needs, so that `threshold` of them are on each side of it."""
        least = min(fraction, 1 - fraction)
        return -(-self.threshold * least.denominator // least.numerator)


DEFAULT_RULE = PublishingRule()


def rule_of(setting: str) -> PublishingRule:
    """The rule of a setting `threshold=5 rounding=5`, in which what is not named stays as it is. Raises ValueError."""
    given = dict(part.split("=", 1) for part in setting.split())
    if unknown := given.keys() - set(PublishingRule.__struct_fields__):
        raise ValueError(f"unknown in the setting for publishing: {', '.join(sorted(unknown))}")
    return PublishingRule(**{name: int(value) for name, value in given.items()})


def rule_text(rule: PublishingRule) -> str:
    """The rule as a setting that `rule_of` reads."""
    return " ".join(f"{name}={getattr(rule, name)}" for name in rule.__struct_fields__)
