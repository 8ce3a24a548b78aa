"""The reports for other systems."""
