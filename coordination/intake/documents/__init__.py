"""Files that people attach: what they really are, and whether they may be taken. Pure functions of their bytes."""
