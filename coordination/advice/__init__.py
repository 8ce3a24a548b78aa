"""Advice conversations between a school and a service: asked, answered, later linked to a pupil."""
