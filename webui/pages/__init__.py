"""The pages: one blueprint a desk or a matter, named after it."""

from flask import Flask

from webui.pages import (
    account,
    actions,
    administration,
    allocation,
    attendance,
    case_file,
    challenges,
    consents,
    health,
    inbox,
    languages,
    link_making,
    links,
    meetings,
    milestones,
    profile,
    pupil_files,
    pupils,
    refer,
    referrals,
    registering,
    sign_in,
    today,
    waiting_times,
    welcome,
)


def open_pages(app: Flask) -> None:
    """Register every blueprint."""
    for module in (
        welcome,
        sign_in,
        account,
        languages,
        health,
        inbox,
        referrals,
        allocation,
        link_making,
        links,
        milestones,
        refer,
        pupils,
        case_file,
        actions,
        consents,
        profile,
        pupil_files,
        registering,
        waiting_times,
        attendance,
        challenges,
        today,
        meetings,
        administration,
    ):
        app.register_blueprint(module.blueprint)
    # whoever holds a link brings no session that another site could use: the link itself is what is shown
    app.extensions["csrf"].exempt(links.blueprint)
    app.extensions["session_over_page"] = sign_in.session_over_page
