"""The front door, signing in and out, the language, one's own account."""
