"""What waits for an agency: referrals, and what was reported in its name."""
