"""The versions of the metric rules, each with what it makes of a referral.

The rows of the read models are of the newest version only; an older one is computed when a report asks for it. A change
of a rule adds an entry here: the rules as they were stay in the code, under their version, as long as there are stamps
that name it. Version 1 was never published and is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import msgspec

from coordination.clocks.waits import METRIC_VERSION, Wait, waits_of
from coordination.directory.state import Directory
from coordination.errors import Refusal
from coordination.pupil.profile.state import OffRoll
from coordination.pupil.referral.state import Referral

WaitsOf = Callable[[Referral, Directory, Iterable[OffRoll]], tuple[Wait, ...]]


class MetricRules(msgspec.Struct, frozen=True):
    """One version of the rules: its name, and the waits that it finds in a referral."""

    version: str
    waits_of: WaitsOf


METRICS: Mapping[str, MetricRules] = MappingProxyType({METRIC_VERSION: MetricRules(METRIC_VERSION, waits_of)})


def rules_of_version(version: str | None) -> MetricRules:
    """The rules of a version; None: the newest. Raises Refusal `unknown_metric`."""
    found = METRICS.get(version or METRIC_VERSION)
    if found is None:
        raise Refusal("unknown_metric", "metric", versions=", ".join(METRICS))
    return found
