"""Support, its reviews and words, and one-page profiles: what is tried for a pupil, and how it went."""
