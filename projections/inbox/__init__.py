"""The inbox of an agency: referrals, and milestones reported in its name that it has not answered."""
