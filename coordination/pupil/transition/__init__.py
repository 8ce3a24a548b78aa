"""A pupil's transition: to the next school, to a mainstream class, or on from school; and where they went."""
