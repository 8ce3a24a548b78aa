"""Forms: one marshmallow schema for what a person types and what a program sends."""

from webui.forms.base import Form, FormSchema
from webui.forms.fields import Choice, Choices, Day, LongText, Password, Text, WholeNumber, YesNo

__all__ = [
    "Choice",
    "Choices",
    "Day",
    "Form",
    "FormSchema",
    "LongText",
    "Password",
    "Text",
    "WholeNumber",
    "YesNo",
]
