"""Small inputs that once failed, kept under their names, each with the right answer as a test."""
