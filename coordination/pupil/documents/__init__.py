"""Documents: sealed attachments of referrals, minutes and challenges."""
