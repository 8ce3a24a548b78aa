"""The start pages for the day's work: Today for a school, the inbox for an agency."""
