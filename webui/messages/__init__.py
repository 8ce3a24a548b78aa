"""The messages about a thing as the school sees them: what was sent, what did not arrive, and reminders by hand."""
