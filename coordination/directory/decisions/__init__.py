"""What the directory lets be recorded, by matter."""
