"""Who looked at a pupil, what the people of an organisation read, and unusual readings."""
