"""Actions agreed at meetings: completed, postponed, given to another owner or cancelled."""
