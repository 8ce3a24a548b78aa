"""The version of the metric rules that produced the rows of a report."""

from __future__ import annotations

from collections.abc import Iterable

from coordination.clocks import METRIC_VERSION


def metric_version_of(versions: Iterable[str]) -> str:
    """The metric version of some rows. It is the same for all of them: the read models are made by one version of the
    program and exchanged as a whole. Of no rows, this program's."""
    return next(iter(versions), METRIC_VERSION)
