"""The one-page profile: what matters to a child, in the child's words, written with the child."""
