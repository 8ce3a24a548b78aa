"""Referrals: made, their milestones, their clocks, allocation inside the agency, answers by link."""
