"""Proposals to erase a record, legal holds, and requests to see or correct one: ids, days and states only."""
