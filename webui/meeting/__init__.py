"""Meetings: planned, held, minuted and closed by a school; answered by those invited."""
