"""What a school has to look at today."""
