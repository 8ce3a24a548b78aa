"""The sign-in form."""

from flask_babel import lazy_gettext as _l

from webui.forms import FormSchema, PasswordField, TextField
from webui.forms.fields import ChoiceField


class SignInSchema(FormSchema):
    """A username and a password. Their permitted lengths are not shown, so that they do not help a guesser."""

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


class DeskSchema(FormSchema):
    """The desk at which the person works now."""

    place = ChoiceField(
        _l("Where are you working now?"), says={"missing": _l("Choose where you are working")}
    )
