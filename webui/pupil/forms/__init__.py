"""What is asked about a pupil."""
