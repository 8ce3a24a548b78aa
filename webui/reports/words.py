"""The words that every report shows with its figures."""

from __future__ import annotations

from flask_babel import gettext as _

from projections.waiting_times.queries import is_mixed


def version_warning(metric_version: str) -> str:
    """The warning if the rows counted were made under different versions of the rules; else empty."""
    if not is_mixed(metric_version):
        return ""
    return _(
        "These waits were counted under different metric versions (%(versions)s). "
        "Do not rely on the totals until they have all been counted again under one version.",
        versions=metric_version,
    )
