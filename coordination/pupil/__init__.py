"""The case file of a pupil, split by matter."""
