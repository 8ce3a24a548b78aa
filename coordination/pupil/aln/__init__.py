"""Statutory decisions about additional learning needs: who was told, what was decided, by which body, and when."""
