"""Series of meetings and the planner on their pages."""
