"""Timestamps that are refused."""

from __future__ import annotations

import pytest

from tcspec.errors import UnreadableTimestamp
from tcspec.timestamps import read_timestamp


def refused(value, **options):
    """Return the message with which a value is refused."""
    with pytest.raises(UnreadableTimestamp) as refusal:
        read_timestamp(value, **options)
    assert refusal.value.value is value
    return str(refusal.value)
