"""The pages about moves."""
