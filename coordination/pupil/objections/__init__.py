"""What is said against sharing: one parent's objection and the decision about it, and orders of a court."""
