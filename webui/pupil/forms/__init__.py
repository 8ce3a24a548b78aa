"""Forms for pupils."""
