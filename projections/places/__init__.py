"""Resource bases and specialist classes: what the authority arranged, and who waits for a place or has one."""
