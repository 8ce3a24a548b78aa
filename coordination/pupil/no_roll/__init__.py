"""Children on no school's roll whom an authority takes on itself: pre-school, home-educated, new to the county."""
