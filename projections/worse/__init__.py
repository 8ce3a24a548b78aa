"""Worse while waiting: each time it was said, and the new triage."""
