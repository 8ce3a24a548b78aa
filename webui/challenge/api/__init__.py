"""Challenges for other systems."""
