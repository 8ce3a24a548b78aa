"""Webhooks of organisations: registered, tested and removed by their own systems. Pages are in administration."""
