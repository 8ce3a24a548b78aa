"""The decisions of the directory, by matter."""
