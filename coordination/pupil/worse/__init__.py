"""Worse while waiting: somebody says so, it is triaged anew within its own days, and the answer stays."""
