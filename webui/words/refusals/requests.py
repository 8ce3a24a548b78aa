"""Requests to the API."""

from webui.words.refusals.marker import N_

SENTENCES: dict[str, str] = {
    "malformed": N_("The body is not valid JSON (RFC 8259) in UTF-8."),
    "bad_request": N_("The request could not be read."),
    "idempotency_key_missing": N_(
        "Send an Idempotency-Key, so that a request sent again is not recorded twice."
    ),
    "idempotency_key_wrong": N_("An Idempotency-Key must have 1 to 100 printable ASCII characters."),
    "if_match_wrong": N_("If-Match must contain the ETag of the last answer about this."),
    "token_missing": N_("Send a token in the Authorization header, after the word Bearer."),
    "token_unknown": N_("This token is not known."),
    "token_not_co_signed": N_(
        "This token has not been co-signed by somebody of the organisation it speaks for."
    ),
    "token_expired": N_("This token has expired."),
    "token_revoked": N_("This token has been revoked."),
    "scope_missing": N_("The token does not allow this: the scope %(scope)s is needed."),
    "method_not_allowed": N_("This address does not accept this method."),
    "not_acceptable": N_("Answers are available as application/json only."),
    "not_a_bounce": N_("This is no notice that a mail of this service did not arrive for good."),
    "service_without_part": N_("This service has no part in it, or it was not sent yet."),
    "sight_ended": N_(
        "Nothing new of this referral has been shared with you since %(since)s (%(because)s). See the sight-ends list."
    ),
    "too_large": N_("The body of the request is too large."),
    "not_json": N_("Send the body as application/json."),
    "not_as_described": N_(
        "The request is not as the document of this API describes it. Correct the fields listed under errors."
    ),
    "idempotency_key_reused": N_("A different request was already sent with this Idempotency-Key."),
    "if_match_missing": N_("Send If-Match with the ETag of what you want to change."),
    "too_many_requests": N_("The token has made too many requests. Wait before the next one."),
    "broken": N_("Something went wrong on our side. It was logged, without anything about a pupil."),
    "not_available": N_(
        "The service cannot reach its records at the moment. Send the same request again later."
    ),
}
