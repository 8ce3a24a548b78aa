"""The pages of what reaches a family: the school's, those behind a link, and those of paper."""
