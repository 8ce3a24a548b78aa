"""Mutation tests: whether a test fails when a rule is changed."""
