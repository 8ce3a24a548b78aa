"""Requests for a pupil's file, moves between schools, the record that follows, emergency access."""
