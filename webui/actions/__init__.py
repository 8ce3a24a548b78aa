"""Actions agreed at meetings: done, postponed, handed on or dropped."""
