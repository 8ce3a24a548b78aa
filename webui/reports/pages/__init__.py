"""The pages of the reports; each module or package is named after its blueprint."""
