"""Assertions on the fixes of rules."""

from __future__ import annotations

import jsonpatch

from tcspec.rules.linting import lint
from tcspec.validation import validate

NOW = 1_795_000_000_000
"""The present of the tests: November 2026."""

SENT = {
    "user": {"id": "C-1024", "consent_categories": ["1", "3"], "consistent_anonymous_id": "d-5f0c2b1e"},
    "context": {"event_id": "e-7d9a0c44", "event_timestamp": 1718000000000},
}
"""User and context of an event from a server."""


def of_user(**more):
    """Return a login whose user has more properties."""
    return {"event_name": "login", "method": "passkey", **SENT, "user": {**SENT["user"], **more}}


def find(payload, *codes, **how):
    """Return the violations of a payload."""
    return lint(payload, select=codes, now=NOW, **how)


def pointers(payload, *codes, **how):
    """Return the pointers of the violations of a payload."""
    return [violation.pointer for violation in find(payload, *codes, **how)]


def every_code(payload):
    """Return the codes of a payload, of the contract and of the rules."""
    return {violation.code for violation in (*validate(payload), *lint(payload, now=NOW))}


def assert_fixes(payload, *codes):
    """Assert that each fix removes its violation and adds no code."""
    before = every_code(payload)
    for violation in find(payload, *codes):
        if violation.fix:
            after = jsonpatch.apply_patch(payload, list(violation.fix.patch))
            assert violation.pointer not in pointers(after, violation.code)
            assert every_code(after) <= before
