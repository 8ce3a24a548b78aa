"""Restricted files, and interests in a pupil."""
