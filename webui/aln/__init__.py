"""Statutory decisions about additional learning needs: concerns, decisions, plans and reviews of a pupil."""
