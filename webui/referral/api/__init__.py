"""Referrals for other systems."""
