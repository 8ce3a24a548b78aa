"""The classes of schools and their teachers: what a class teacher sees rests on them."""
