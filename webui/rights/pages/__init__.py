"""Pages of the rights desk: what waits, what is due, one record, and requests about it."""
