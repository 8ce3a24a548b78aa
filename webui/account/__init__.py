"""The front page, signing in and out, the language and the user's own account."""
