"""The registers come from the event types: every sealed field of every event is in one activity, in its class."""

from __future__ import annotations

import pytest

from coordination.processing import activity_of, processing_activities
from coordination.sensitivity import Sensitivity, classes
from coordination.topics import registry
from webui.rights.registers import ACTIVITIES


def test_every_sealed_field_of_every_event_is_in_the_register() -> None:
    held = {
        one.name: {field.name: field.sensitivity for field in one.fields} for one in processing_activities()
    }
    order = list(Sensitivity)
    for topic, event in registry().items():
        fields = held[activity_of(event.__module__)]
        for name, sensitivity in classes(event).items():
            if sensitivity is Sensitivity.operational:
                continue
            assert order.index(fields[name]) >= order.index(sensitivity), (topic, name)
    assert sum(one.entries for one in processing_activities()) == len(registry())


def test_the_classes_are_apart() -> None:
    identity = next(one for one in processing_activities() if one.name == "identity")
    assert "date_of_birth" in identity.of_class(Sensitivity.personal)
    assert "needs" in identity.of_class(Sensitivity.coded)
    assert "words" in identity.of_class(Sensitivity.special)


def test_each_activity_has_its_words_and_a_new_part_has_to_be_named() -> None:
    assert set(ACTIVITIES) == {one.name for one in processing_activities()}
    with pytest.raises(LookupError):
        activity_of("coordination.pupil.something_new.events")
