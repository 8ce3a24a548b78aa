"""What is known, ready to read."""
