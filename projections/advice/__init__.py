"""Advice conversations: the list of each party, and how often no referral followed."""
