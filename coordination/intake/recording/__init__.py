"""Recording of files: their rows become commands, and each row has an outcome."""
