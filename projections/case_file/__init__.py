"""The case file: each pupil, what was shared with whom, each referral as it stands, and who recorded what."""
