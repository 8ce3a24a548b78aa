"""Transitions, the packs that go to the next school, and destinations that are followed up."""
