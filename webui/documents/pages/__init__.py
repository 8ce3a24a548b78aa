"""Documents: attached, listed, opened, taken back; and the complete referral."""

from webui.documents.pages.attached import blueprint

__all__ = ["blueprint"]
