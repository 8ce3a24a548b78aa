"""The pages of the desks; each module is named after its blueprint, or after a list of the caseworker's page."""
