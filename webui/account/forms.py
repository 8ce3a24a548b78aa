"""What the sign-in page asks."""

from flask_babel import lazy_gettext as _l

from webui.forms import FormSchema, PasswordField, TextField


class SignInSchema(FormSchema):
    """A username and a password. How long either may be is no business of who guesses."""

    username = TextField(
        _l("Username"),
        longest=1000,
        autocomplete="username",
        spellcheck=False,
        width="20",
        says={"missing": _l("Enter your username")},
    )
    password = PasswordField(
        _l("Password"),
        longest=1000,
        autocomplete="current-password",
        width="20",
        says={"missing": _l("Enter your password")},
    )
