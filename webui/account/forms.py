"""What the sign-in page asks."""

from flask_babel import lazy_gettext as _l

from webui.forms import FormSchema, Password, Text


class SignInSchema(FormSchema):
    """A username and a password. How long either may be is no business of who guesses."""

    username = Text(
        _l("Username"),
        longest=1000,
        autocomplete="username",
        spellcheck=False,
        width="20",
        says={"missing": _l("Enter your username")},
    )
    password = Password(
        _l("Password"),
        longest=1000,
        autocomplete="current-password",
        width="20",
        says={"missing": _l("Enter your password")},
    )
