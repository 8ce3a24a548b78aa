"""A form: its questions, the typed values and the errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from flask import make_response, render_template
from flask.wrappers import Response
from marshmallow import EXCLUDE, Schema, ValidationError, pre_load
from marshmallow.fields import Field
from werkzeug.datastructures import MultiDict

from coordination.errors import Refusal
from webui.forms.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    LongTextField,
    PasswordField,
    YesNoField,
    normalise_text,
)
from webui.shell.drafts import is_resumed_draft
from webui.shell.runtime import runtime
from webui.words.refusals import SENTENCES
from webui.words.refusals.translated import of_field, sentence
from webui.words.text import Words

PARTS = ("day", "month", "year")


class FormSchema(Schema):
    """The schema of a form and of the same data as JSON. Errors are codes (see fields.py)."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def take_typed(self, data: Any, **_: Any) -> Any:
        """Read a submitted form or a mapping: normalise text, turn "" into None, and join three boxes into one
        date."""
        plain = _from_multidict(self, data) if isinstance(data, MultiDict) else dict(data)
        return {name: self._cleaned(name, value) for name, value in plain.items()}

    def _cleaned(self, name: str, value: Any) -> Any:
        field = self.fields.get(name)
        if isinstance(value, str) and field is not None:
            value = normalise_text(
                value, multiline=isinstance(field, LongTextField), trim=not isinstance(field, PasswordField)
            )
        if value == "" or (isinstance(value, Mapping) and not any(part.strip() for part in value.values())):
            return None
        return value


class NothingSchema(FormSchema):
    """A form without fields: a button only."""


class Form:
    """One showing of a schema.

        form = Form(ReferSchema, choices={"service": services}, seen=case.position)
        if request.method == "POST" and (typed := form.take(request.form)) is not None:
            try:
                ...decide with typed, form.seen and form.command_id...
            except Refused as refused:
                form.refuse(refused)
            else:
                return redirect(...)
        return form.page("referral/refer/begin.html", case=case)

    `values` are the first values. `choices` are (code, words) by field. `seen` is the last position of the
    thing
    shown; `command_id` is new for each showing and stays with what was typed, so that sending twice acts
    once.
    """

    def __init__(
        self,
        schema: type[FormSchema],
        *,
        values: Mapping[str, Any] | None = None,
        choices: Mapping[str, Sequence[tuple[str, Words]]] | None = None,
        seen: int | None = None,
    ) -> None:
        self.schema = schema()
        self.choices = dict(choices or {})
        self.typed: dict[str, Any] = {n: _as_typed(v) for n, v in (values or {}).items()}
        self.errors: dict[str, str] = {}
        self.summary: list[str] = []
        # what the record says now, in words, if another user was faster; base.html shows it with the typed values
        self.now: str | None = None
        self.seen = seen
        self.command_id = str(runtime().new_id())

    def take(self, submitted: MultiDict[str, str]) -> dict[str, Any] | None:
        """Read the typed values; None if there is an error, which the form then shows with its field. A resumed draft
        is only shown."""
        self.typed = _from_multidict(self.schema, submitted)
        self.seen = _whole(submitted.get("seen"), self.seen)
        sent_id = submitted.get("command_id", "")
        if 0 < len(sent_id) <= 100 and sent_id.isascii() and sent_id.isprintable():
            self.command_id = sent_id
        if is_resumed_draft(submitted):
            return None
        codes: dict[str, str] = {}
        read: dict[str, Any] = {}
        try:
            read = self.schema.load(submitted)
        except ValidationError as wrong:
            codes = {name: _first(code) for name, code in wrong.normalized_messages().items()}  # type: ignore[no-untyped-call]
            # the values that could be read: a choice that is not offered is reported together with the other errors
            read = wrong.valid_data if isinstance(wrong.valid_data, dict) else {}
        for name, value in self.schema.fields.items():
            if name not in codes and not self._offered(name, value, read.get(name)):
                codes[name] = "not_offered"
        # in the order of the form, so that the summary matches the page
        self.errors = {name: self._words(name, codes[name]) for name in self.schema.fields if name in codes}
        return None if codes else read

    def refuse(self, refused: Refusal) -> None:
        """Show a refusal at the field it names, or above the form."""
        words = sentence(refused)
        if refused.field in self.schema.fields:
            self.errors[refused.field] = words
        else:
            self.summary.append(words)

    def say(self, words: Words) -> None:
        """Show an error that belongs to no single field, above the form."""
        self.summary.append(str(words))

    @property
    def wrong(self) -> bool:
        """Whether the form has any error."""
        return bool(self.errors or self.summary)

    def page(self, template: str, *, status: int = 422, **context: Any) -> Response:
        """Render the page with the form; `status` if there is an error, else 200."""
        html = render_template(template, form=self, **context)
        return make_response(html, status if self.wrong else 200)

    def __getitem__(self, name: str) -> FieldView:
        """A field as a template shows it: `form["username"]`."""
        field = self.schema.fields[name]
        known = field.metadata
        return FieldView(
            name=name,
            widget=getattr(field, "widget", "text"),
            label=str(known.get("label", name)),
            hint=str(known["hint"]) if known.get("hint") else "",
            error=self.errors.get(name, ""),
            value="" if isinstance(field, PasswordField) else self.typed.get(name),
            required=bool(field.required),
            items=[
                {"code": code, "words": str(words), "chosen": code in _listed(self.typed.get(name))}
                for code, words in self._choices(name, field)
            ],
            wrong_parts=self._wrong_parts(name, field),
            options=known,
        )

    def anchors(self) -> list[dict[str, str]]:
        """The error summary: each error with a link to its box."""
        anchors = [{"text": words} for words in self.summary]
        for name, words in self.errors.items():
            shown = self[name]
            target = f"{name}-{shown.wrong_parts[0]}" if shown.wrong_parts else name
            anchors.append({"text": words, "href": f"#{target}"})
        return anchors

    def _choices(self, name: str, field: Field[Any]) -> Sequence[tuple[str, Words]]:
        if isinstance(field, ChoiceField | ChoicesField):
            return self.choices.get(name) or field.choices
        return ()

    def _offered(self, name: str, field: Field[Any], value: Any) -> bool:
        if (
            value is None
            or isinstance(field, YesNoField)
            or not isinstance(field, ChoiceField | ChoicesField)
        ):
            return True
        offered = {code for code, _words in self._choices(name, field)}
        return set(_listed(value)) <= offered

    def _words(self, name: str, code: str) -> str:
        return words_of_field(self.schema.fields[name], code, name)

    def _wrong_parts(self, name: str, field: Field[Any]) -> list[str]:
        """The boxes of a date with an error: the empty ones, or all."""
        if not isinstance(field, DateField) or name not in self.errors:
            return []
        typed = self.typed.get(name) or {}
        return [part for part in PARTS if not typed.get(part, "").strip()] or list(PARTS)


class FieldView(msgspec.Struct, frozen=True, kw_only=True):
    """A field as a template shows it. `value` is the typed value: text, a list of codes, or the parts of a date."""

    name: str
    widget: str
    label: str
    hint: str
    error: str
    value: Any
    required: bool
    items: list[dict[str, Any]]
    wrong_parts: list[str]
    options: Mapping[str, Any]


def _from_multidict(schema: Schema, submitted: MultiDict[str, str]) -> dict[str, Any]:
    taken: dict[str, Any] = {}
    for name, field in schema.fields.items():
        if isinstance(field, DateField):
            taken[name] = {part: submitted.get(f"{name}-{part}", "")[:20] for part in PARTS}
        elif isinstance(field, ChoicesField):
            taken[name] = [code for code in submitted.getlist(name) if code]
        elif name in submitted:
            taken[name] = submitted[name]
    return taken


def _as_typed(value: Any) -> Any:
    """A recorded value in the form in which a user would type it."""
    match value:
        case date():
            return {"day": str(value.day), "month": str(value.month), "year": f"{value.year:04}"}
        case bool():
            return "yes" if value else "no"
        case None:
            return ""
        case list() | tuple() | set() | frozenset():
            return [str(one) for one in value]
        case _:
            return str(value)


def words_of_field(field: Field[Any], code: str, name: str) -> str:
    """The sentence for a field's error code, with its label and bounds; the field's own sentence if it has one."""
    instead = field.metadata.get("says", {}).get(code)
    facts = {
        "label": field.metadata.get("label", name),
        "limit": getattr(field, "longest", None),
        "least": getattr(field, "least", None),
        "most": getattr(field, "most", None),
    }
    return of_field(code if instead is not None or code in SENTENCES else "not_offered", facts, instead)


def _listed(value: Any) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _first(messages: Any) -> str:
    while isinstance(messages, list | dict) and messages:
        messages = messages[0] if isinstance(messages, list) else next(iter(messages.values()))
    return str(messages)


def _whole(text: str | None, otherwise: int | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else otherwise
