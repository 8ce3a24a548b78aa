"""Who sees that it got worse: who sees the referral. A class teacher sees none of it."""

from __future__ import annotations

from projections.policies import with_the

POLICIES = (with_the("worse", "of_the_referral", "referral", "referral"),)
