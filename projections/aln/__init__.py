"""Concerns about additional learning needs as they stand, and the statutory waits."""
