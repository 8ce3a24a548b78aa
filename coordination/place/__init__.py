"""Resource bases and specialist classes: how many places, for whom, under which agreement with the host school."""
