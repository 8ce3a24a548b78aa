"""Forms for a referral and each of its milestones."""
