"""The monthly returns of health boards: neurodevelopment, specialist CAMHS, primary mental health support."""
