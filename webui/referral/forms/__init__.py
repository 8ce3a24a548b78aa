"""What is asked when a referral is made and at each of its milestones."""
