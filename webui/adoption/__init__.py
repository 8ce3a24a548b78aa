"""Adoption: a child's identity is replaced, and the earlier one is shown to the adoption officer alone."""
