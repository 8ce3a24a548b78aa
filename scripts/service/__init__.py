"""How the service runs on one machine: settings, the supervisor, its children, its words to the operator."""
