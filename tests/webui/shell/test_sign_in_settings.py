"""The settings for signing in: what is read, and what is refused with the variable's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from webui.shell.sign_in_settings import SignInSettings

URL = {"CYDLYNU_PUBLIC_URL": "https://cydlynu.sir.example/"}
MAIL = URL | {"CYDLYNU_SMTP_URL": "smtp://a:secret@mail.example:587", "CYDLYNU_MAIL_FROM": "c@sir.example"}
PROVIDER = URL | {
    "CYDLYNU_OIDC_ISSUER": "https://hwb.example",
    "CYDLYNU_OIDC_CLIENT": "cydlynu",
    "CYDLYNU_OIDC_SECRET": "secret",
}


def test_nothing_is_set_up_by_itself() -> None:
    assert SignInSettings.from_environment({}) == SignInSettings()


def test_everything_is_read() -> None:
    read = SignInSettings.from_environment(MAIL | PROVIDER | {"CYDLYNU_TOTP_ROLES": "alnco, administrator,"})
    assert read.public_url == "https://cydlynu.sir.example"
    assert read.totp_roles == {"alnco", "administrator"}
    assert read.mail is not None
    assert read.mail.sender == "c@sir.example"
    assert read.provider is not None
    assert (read.provider.client_id, read.provider.name) == ("cydlynu", "hwb.example")
    assert "secret" not in repr(read)


def test_a_secret_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from a file\n")
    given = PROVIDER | {"CYDLYNU_OIDC_SECRET_FILE": str(tmp_path / "secret")}
    del given["CYDLYNU_OIDC_SECRET"]
    read = SignInSettings.from_environment(given)
    assert read.provider is not None
    assert read.provider.secret == "from a file"


@pytest.mark.parametrize(
    ("given", "without", "named"),
    [
        ({"CYDLYNU_TOTP_ROLES": "alnco,wizard"}, "", "wizard"),
        ({"CYDLYNU_PUBLIC_URL": "cydlynu.sir.example"}, "", "CYDLYNU_PUBLIC_URL"),
        (MAIL, "CYDLYNU_PUBLIC_URL", "CYDLYNU_PUBLIC_URL"),
        (MAIL, "CYDLYNU_SMTP_URL", "CYDLYNU_SMTP_URL"),
        (MAIL, "CYDLYNU_MAIL_FROM", "CYDLYNU_MAIL_FROM"),
        (MAIL | {"CYDLYNU_SMTP_URL": "mail.example"}, "", "CYDLYNU_SMTP_URL"),
        (PROVIDER, "CYDLYNU_PUBLIC_URL", "CYDLYNU_PUBLIC_URL"),
        (PROVIDER, "CYDLYNU_OIDC_CLIENT", "CYDLYNU_OIDC_CLIENT"),
        (PROVIDER, "CYDLYNU_OIDC_SECRET", "CYDLYNU_OIDC_SECRET"),
        (PROVIDER | {"CYDLYNU_OIDC_ISSUER": "hwb"}, "", "CYDLYNU_OIDC_ISSUER"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(given: dict[str, str], without: str, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        SignInSettings.from_environment({k: v for k, v in given.items() if k != without})
