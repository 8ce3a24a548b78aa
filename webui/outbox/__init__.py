"""What leaves the service, for other systems: one-time links, and notices that mail did not arrive."""
