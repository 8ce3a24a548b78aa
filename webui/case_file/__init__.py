"""The case file of one pupil: referrals, agreements, minutes and actions in one timeline, and the feed of changes."""
