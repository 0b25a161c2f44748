from __future__ import annotations

import pytest

from payloads import minimal
from tcspec.rules.linting import lint


def found(event):
    """Give what the rule on lists finds."""
    return lint(event, select=["TC116"])


@pytest.mark.parametrize("value", [None, 7, True, [], ["card"], {"card": 1}])
def test_values_of_a_wrong_type(value):
    """What is no text is in no list, and left to the contract."""
    assert found(minimal("add_payment_info") | {"payment_method": value}) == []


@pytest.mark.parametrize(
    ("value", "meant", "is_safe"),
    [("Card", "card", True), ("DIRECT-DEBIT", "direct_debit", True), ("coupons", "coupon", False)],
)
def test_close_values(value, meant, is_safe):
    """Another spelling of a listed value is safe to mend, a slip of the pen is a guess."""
    [violation] = found(minimal("add_payment_info") | {"payment_method": value})
    assert violation.hint == f"did you mean {meant}?"
    assert violation.fix is not None
    assert violation.fix.patch == ({"op": "replace", "path": "/payment_method", "value": meant},)
    assert violation.fix.is_safe is is_safe


def test_other_values():
    """A value that resembles none has neither hint nor fix; it is shown where that is short."""
    [violation] = found(minimal("add_payment_info") | {"payment_method": "barter"})
    assert '"barter"' in violation.message
    assert (violation.hint, violation.fix) == (None, None)
    for value in ("é" * 40, "b" * 41):
        [violation] = found(minimal("add_payment_info") | {"payment_method": value})
        actual = f'"{value}"' if len(value) == 40 else "another text"
        assert violation.message.endswith(f", other; found {actual}")
        assert violation.data["actual"] == actual


def test_values_of_a_device_are_not_shown():
    """What may describe a person or a device is never shown."""
    event = minimal("login")
    event["context"]["device"] = {"type": "sextant"}
    [violation] = found(event)
    assert "sextant" not in violation.message + str(dict(violation.data))
    assert violation.severity.value == "info"


def test_the_gender_is_left_to_identity():
    """The gender of a user is looked at by a rule of its own."""
    event = minimal("login")
    event["user"]["gender"] = "female"
    assert found(event) == []


def test_lists_that_are_recommended_are_infos():
    """A closed list is a warning, a recommended one an info."""
    assert [each.severity.value for each in found(minimal("page_view") | {"page_type": "store_finder"})] == ["info"]
    assert [each.severity.value for each in found(minimal("purchase") | {"status": "waiting"})] == ["warning"]


def test_custom_events_have_no_lists():
    """A custom event may have a property of the same name with values of its own."""
    assert found(minimal() | {"payment_method": "barter", "status": "new"}) == []
