"""Where a day's work begins: today for a school, the inbox for an agency."""
