"""What must be true of the fixes that rules offer, whatever the payload."""

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
"""What every event of a server has beside its name and properties."""


def of_user(**more):
    """Make a sign-in whose user has some properties more."""
    return {"event_name": "login", "method": "passkey", **SENT, "user": {**SENT["user"], **more}}


def found(payload, *codes, **how):
    """Give what rules find in a payload."""
    return lint(payload, select=codes, now=NOW, **how)


def pointers(payload, *codes, **how):
    """Give the places at which rules find something in a payload."""
    return [violation.pointer for violation in found(payload, *codes, **how)]


def every_code(payload):
    """Give all that can be said against a payload, contract and rules together."""
    return {violation.code for violation in (*validate(payload), *lint(payload, now=NOW))}


def assert_fixes_mend(payload, *codes):
    """Hold that each fix silences its rule where it spoke, and leaves nothing new to be said."""
    before = every_code(payload)
    for violation in found(payload, *codes):
        if violation.fix:
            after = jsonpatch.apply_patch(payload, list(violation.fix.patch))
            assert violation.pointer not in pointers(after, violation.code)
            assert every_code(after) <= before
