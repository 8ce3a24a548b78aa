"""The domain of the service: what may happen around a pupil, and the record of what happened."""
