"""One-time links and bounces for other systems."""
