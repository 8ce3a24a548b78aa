"""Classes and registration groups: which pupils are in them, who teaches them, and what a class teacher sees."""
