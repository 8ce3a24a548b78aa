"""Statistics of waits: survival curves, competing endings and control charts. The formulas are pure functions."""
