"""What is asked about a meeting, its register and its minutes."""
