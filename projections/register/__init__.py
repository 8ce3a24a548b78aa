"""The register: who was on which roll, with which provision and which dates of a plan, on any day."""
