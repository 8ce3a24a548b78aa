"""Forms: one marshmallow schema for what a person types and what a program sends."""

from webui.forms.base import Form, FormSchema
from webui.forms.fields import (
    ChoiceField,
    ChoicesField,
    DateField,
    LongTextField,
    PasswordField,
    TextField,
    WholeNumberField,
    YesNoField,
)

__all__ = [
    "ChoiceField",
    "ChoicesField",
    "DateField",
    "Form",
    "FormSchema",
    "LongTextField",
    "PasswordField",
    "TextField",
    "WholeNumberField",
    "YesNoField",
]
