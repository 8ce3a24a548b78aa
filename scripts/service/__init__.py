"""Running the service on one machine: settings, the supervisor, its children and its messages to the operator."""
