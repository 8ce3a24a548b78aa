"""Who is told what: messages that follow from events, decided by pure rules. Nothing here knows a mail server."""
