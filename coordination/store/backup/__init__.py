"""A backup of the record as a folder of files, and its restoring into an empty database."""
