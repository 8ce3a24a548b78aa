"""Challenges and enquiries: whose turn it is, what they rest on, what was said and ruled."""
