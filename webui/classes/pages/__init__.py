"""The pages of classes; each module is named after its blueprint."""
