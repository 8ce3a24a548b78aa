"""The documents of referrals, minutes and challenges: what there is, and who may open it."""
