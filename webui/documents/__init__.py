"""Documents: attaching, listing, opening and taking back; the complete referral."""
