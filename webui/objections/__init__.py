"""Objections to sharing, court orders, competence, and agreements to ask for again."""
