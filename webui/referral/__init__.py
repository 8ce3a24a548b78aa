"""Referrals: making them, their milestones and clocks, allocation inside the agency, answers by link."""
