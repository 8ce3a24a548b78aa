"""Referrals for other systems. Both modules declare operations of one resource."""

from webui.referral.api import milestones, referrals

__all__ = ["milestones", "referrals"]
