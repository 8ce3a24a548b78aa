"""The directory and the status of the service, for administrators."""
