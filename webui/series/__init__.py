"""Series of meetings: who is a member, when they meet, and planning a term's dates without clashes."""
