"""Who was asked to come to a school's meetings, who had to, who came, and what is disputed of it."""
