"""Pages of transitions: preparing them, the pack for the next school, destinations that are followed up."""
