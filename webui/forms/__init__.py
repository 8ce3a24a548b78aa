"""Forms: one marshmallow schema for typed input and for JSON."""

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
