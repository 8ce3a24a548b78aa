"""Advice conversations between a school and a service: recording, answering, linking, counting."""
