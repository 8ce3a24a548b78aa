"""What reaches a pupil's family and comes back from it: one-time links, printed forms, and the card."""
