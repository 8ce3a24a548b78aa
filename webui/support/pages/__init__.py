"""The pages of support; each module is named after its blueprint."""
