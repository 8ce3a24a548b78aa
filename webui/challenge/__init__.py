"""Challenges and enquiries to agencies."""
