"""Requests for a pupil's file, expected moves, records that follow a pupil, emergency access."""
