"""What may happen around a pupil, and the record that it did."""
