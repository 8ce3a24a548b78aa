"""Agreement to share with agencies, and the lawful basis for sharing."""
