"""What reaches a pupil's family, and what the family itself sends: by one-time link, or on a printed form."""
