"""The forms of signing in and of a person's own account."""

from flask_babel import lazy_gettext as _l

from webui.forms import FormSchema, PasswordField, TextField
from webui.forms.fields import ChoiceField, DateField
from webui.words.text import Words


def _password(label: Words) -> PasswordField:
    """The password that the person has."""
    return PasswordField(
        label,
        longest=1000,
        autocomplete="current-password",
        width="20",
        says={"missing": _l("Enter your password")},
    )


def _new_password() -> PasswordField:
    return PasswordField(
        _l("New password"),
        hint=_l("12 characters or more. Three unrelated words are easy to remember and hard to guess."),
        longest=1000,
        autocomplete="new-password",
        width="20",
        says={"missing": _l("Enter a new password")},
    )


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
    password = _password(_l("Password"))


class SignInCodeSchema(FormSchema):
    """A code of an authenticator app, or a recovery code."""

    one_time_code = TextField(
        _l("Code"),
        hint=_l("The 6 digits that your app shows now, or one of your recovery codes."),
        longest=100,
        autocomplete="one-time-code",
        spellcheck=False,
        width="20",
        says={"missing": _l("Enter the code")},
    )


class NewPasswordSchema(FormSchema):
    """A new password, set with a one-time link."""

    new_password = _new_password()


class ChangePasswordSchema(FormSchema):
    """The password that the person has, and a new one."""

    password = _password(_l("Your password now"))
    new_password = _new_password()


class ConfirmSchema(FormSchema):
    """The person's password, before they change how the account is entered."""

    password = _password(_l("Your password"))


class AddAuthenticatorSchema(FormSchema):
    """The password, and a code that the app shows after reading the secret."""

    password = _password(_l("Your password"))
    one_time_code = TextField(
        _l("Code from the app"),
        hint=_l("The 6 digits that the app shows for Cydlynu."),
        longest=100,
        autocomplete="one-time-code",
        spellcheck=False,
        width="10",
        says={"missing": _l("Enter the code")},
    )


class ForgottenSchema(FormSchema):
    """The username of somebody who has forgotten their password."""

    username = TextField(
        _l("Username"),
        longest=1000,
        autocomplete="username",
        spellcheck=False,
        width="20",
        says={"missing": _l("Enter your username")},
    )


class DeskSchema(FormSchema):
    """The desk at which the person works now."""

    place = ChoiceField(
        _l("Where are you working now?"), says={"missing": _l("Choose where you are working")}
    )


DECISIONS = (("sign", _l("Co-sign: it works from now on")), ("decline", _l("Decline: it never works")))


class CoSignSchema(FormSchema):
    """Whether somebody of the organisation co-signs."""

    decision = ChoiceField(
        _l("Your decision"), choices=DECISIONS, says={"missing": _l("Choose whether you co-sign")}
    )


class TelephoneSchema(CoSignSchema):
    """The authority co-signs for an organisation that has nobody who could, after a telephone call."""

    telephoned_on = DateField(
        _l("On which day did you telephone the organisation?"),
        hint=_l("Use a number that you know, not one from the administrator. Ask whether this is theirs."),
        required=False,
    )


class SeenSchema(FormSchema):
    """Nothing is asked: the button says that it was seen."""


_WANTED = (("at_once", _l("At once")), ("daily", _l("Once a day, together")), ("not", _l("Not by email")))
_HOURS = tuple((str(hour), f"{hour:02}:00") for hour in range(24))


def _kind(label: Words) -> ChoiceField:
    return ChoiceField(label, choices=_WANTED)


class MessagesSchema(FormSchema):
    """Which messages a person wants: a field for each of `coordination.outbox.kinds.KINDS`, and quiet hours."""

    referrals = _kind(_l("New referrals, and reports that need your answer"))
    referral_news = _kind(_l("News of referrals"))
    meetings = _kind(_l("Meetings"))
    challenges = _kind(_l("Challenges and disputes"))
    actions = _kind(_l("Actions for you"))
    files = _kind(_l("Requests for pupils’ files"))
    reminders = _kind(_l("Reminders"))
    quiet_from = ChoiceField(_l("Quiet from"), choices=_HOURS, widget="select", required=False)
    quiet_until = ChoiceField(_l("Quiet until"), choices=_HOURS, widget="select", required=False)
