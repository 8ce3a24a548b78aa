"""What a school or authority tries for a pupil: support at a level, for a time, with an aim; its reviews, its end."""
