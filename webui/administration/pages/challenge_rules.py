"""The challenge rules of an authority."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from coordination.directory.challenge_rules import RULE_CODES, USUAL_RULES, SetChallengeRule
from coordination.directory.dated import in_force
from webui.administration.directory_forms import ChallengeRuleSchema
from webui.administration.pages.shared import ADMINISTRATOR, blueprint, organisation, perform_form, today
from webui.challenge.rule_words import RULES, rule_words
from webui.forms import Form
from webui.shell.authentication import signed_in


@blueprint.route("/administration/organisations/<uuid:key>/challenge-rules", methods=["GET", "POST"])
@signed_in(*ADMINISTRATOR)
def challenge_rules(key: UUID) -> ResponseReturnValue:
    """Show the rules of an authority, and set one; it follows the one before, or replaces one of the same day."""
    found = organisation(key)
    if found.kind != "authority":
        abort(404)
    form = Form(
        ChallengeRuleSchema,
        values={"effective_from": today(), "least": 1, "days": 0},
        choices={"code": list(RULES.items())},
    )
    if request.method == "POST" and (typed := form.take(request.form)) is not None:
        command = SetChallengeRule(
            occurred_on=today(),
            organisation=key,
            code=typed["code"],
            least=typed["least"],
            days=typed["days"],
            window=typed["window"],
            source=typed["source"],
            effective_from=typed["effective_from"],
            effective_to=typed["effective_to"],
        )
        if perform_form(form, [command]):
            flash(_("The rule is recorded."))
            return redirect(url_for("administration.challenge_rules", key=key), 303)
    return form.page(
        "administration/challenge_rules.html",
        found=found,
        rules=[
            (RULES[code], in_force(found.challenge_rules.get(code, ()), today()) or USUAL_RULES[code])
            for code in RULE_CODES
        ],
        later=[
            (RULES[code], rule)
            for code in RULE_CODES
            for rule in found.challenge_rules.get(code, ())
            if rule.effective_from > today()
        ],
        rule_words=rule_words,
    )
