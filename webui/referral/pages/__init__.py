"""The pages of referrals; each module is named after its blueprint."""
