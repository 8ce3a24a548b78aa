"""What pages and commands ask for the governors of a school."""
