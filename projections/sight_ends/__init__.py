"""Where sight of a referral ended, and why: for the agency or school that had it."""
