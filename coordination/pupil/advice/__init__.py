"""Which advice conversations were about the pupil."""
