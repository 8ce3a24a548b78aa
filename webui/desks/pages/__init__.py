"""The pages of the desks; each module is named after its blueprint."""
