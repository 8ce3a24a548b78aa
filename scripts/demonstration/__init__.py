"""A fictional county to try the service with: two years of a local authority's schools and their agencies.

All its people are fictional. It is made through the real commands, one simulated day a save, and is the same every
time for the same last day.
"""
