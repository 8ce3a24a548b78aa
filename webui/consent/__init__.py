"""Agreement to share with agencies, and the lawful basis beside it."""
