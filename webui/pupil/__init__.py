"""Pupils: who they are, registered by form or by file, and their profile."""
