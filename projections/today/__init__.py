"""A school's page for today."""
