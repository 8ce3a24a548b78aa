"""Who sees objections, court orders and the terms of agreements: the holder of the file. No agency does."""

from __future__ import annotations

from projections.policies import of_the_school

POLICIES = (of_the_school("objection"), of_the_school("court_order"), of_the_school("consent_giver"))
