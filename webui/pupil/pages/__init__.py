"""The pages of pupils; each module is named after its blueprint."""
