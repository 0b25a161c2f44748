"""Payloads of clients that nobody of this project wrote: what their index does not call an error is none."""

from __future__ import annotations

import json

import pytest

import tcspec
from locations import SHARED

CLIENTS = SHARED / "field" / "clients"

ERRORS = {
    "rn_thirdparty_toString_purchase": {"/value", "/revenue", "/items"},
    "shopify_purchase": {"", "/context", "/items/0/product"},
    "tcdemo_legacy_add_to_cart": {"", "/properties/currency"},
}
"""The pointers of the errors that the index expects."""

NULLS = ("list_position", "discount")
"""The numbers of an item that the template had no values for."""

pytestmark = pytest.mark.skipif(not CLIENTS.is_dir(), reason="the payloads of the clients are not here")


@pytest.mark.parametrize("path", sorted(CLIENTS.glob("*.json")), ids=lambda path: path.stem)
def test_errors(path):
    """A payload has the errors that its index expects, and no others."""
    errors = {each.pointer for each in tcspec.check(path.read_bytes()) if each.severity == "error"}
    assert errors == ERRORS.get(path.stem, set())


def test_nulls_are_fixed():
    """The nulls of items are warnings with an unsafe fix; without them the event has no other code."""
    event = json.loads((CLIENTS / "gtm_purchase.json").read_bytes())
    nulls = [each for each in tcspec.lint(event) if each.code == "TC427"]
    assert {each.pointer for each in nulls} == {f"/items/{index}/{name}" for index in (0, 1) for name in NULLS}
    assert all(each.severity == "warning" and each.fix and each.fix.is_safe is False for each in nulls)
