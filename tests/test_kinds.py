"""Kinds and versions."""

from __future__ import annotations

import pytest

from tcspec.contract.schemas import schema_folder
from tcspec.errors import UnknownKind
from tcspec.kinds import EVENT_1_0, EVENT_2_0, VERSIONS, Version, version_of


def test_by_name():
    """A version is found by its kind and name; by default it is the newest."""
    assert version_of("event") is EVENT_2_0
    assert version_of("event", "2.0") is EVENT_2_0
    assert version_of("event", "1.0") is EVENT_1_0


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("pixle", None, "unknown name 'pixle'; choose from event, batch, pixel, user, product, conversion"),
        ("pixle", "2.0", "unknown name 'pixle'; choose from event, batch, pixel, user, product, conversion"),
        ("event", "3.0", "unknown name 'event/3.0'; choose from event/1.0, event/2.0"),
        ("event", "", "unknown name 'event/'; choose from event/1.0, event/2.0"),
    ],
)
def test_unknown(kind, name, message):
    """An unknown kind or version is misuse, and the message has the known ones."""
    with pytest.raises(UnknownKind) as unknown:
        version_of(kind, name)
    assert str(unknown.value) == message


def test_have_their_schema():
    """Every version has the file of its published schema."""
    assert Version("event", "2.0").schema == "event/2.0.json"
    assert all((schema_folder() / version.schema).is_file() for version in VERSIONS)
