"""The two reports: waiting times and attendance."""
