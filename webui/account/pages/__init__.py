"""The pages of the account; each module is named after its blueprint."""
