"""The benchmark: the service's cost against the least possible cost, as ratios from one machine and one run.

Absolute times say more about the machine than about the program; the ratios hold on another machine too. Nothing is
measured that the service does not do: the log is made by the real commands, PostgreSQL runs as `scripts/run` starts
it, with its default durability.
"""
