"""Files that were read become commands: what each row did, or would do, to the record."""
