"""The directory and the state of the service, for administrators."""
