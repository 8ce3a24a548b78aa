"""Forms for a meeting, its register and its minutes."""
