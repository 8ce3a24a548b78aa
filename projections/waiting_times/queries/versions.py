"""The version of the metric rules that produced the rows of a report."""

from __future__ import annotations

from collections.abc import Iterable

from coordination.clocks import METRIC_VERSION

BETWEEN = ", "


def metric_version_of(versions: Iterable[str]) -> str:
    """The metric version of some rows, or all of them when they differ ("1, 2"); of no rows, this program's."""
    found = {one for several in versions for one in several.split(BETWEEN)} or {METRIC_VERSION}
    return BETWEEN.join(sorted(found, key=lambda version: (len(version), version)))


def is_mixed(metric_version: str) -> bool:
    """Whether rows of more than one metric version were counted together."""
    return BETWEEN in metric_version
