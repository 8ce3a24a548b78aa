"""Rights over a record: how long it is kept, legal holds, erasure, and requests to see or correct it."""
