"""Referrals for other systems. The modules `milestones` and `referrals` declare operations of one resource."""

from webui.referral.api import milestones, referrals, sharing

__all__ = ["milestones", "referrals", "sharing"]
