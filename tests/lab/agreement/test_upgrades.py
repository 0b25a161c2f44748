"""Many upgrades, timestamps, sizes and split requests, each compared with a second, simple way."""

from __future__ import annotations

from unittest import mock

import pytest

from lab.agreement.search import VARIANTS
from lab.agreement.sizes import Server, compare_batches, compare_bulk_requests, compare_sizes
from lab.agreement.timestamps import compare_readings
from lab.agreement.upgrades import PROPERTIES, check_upgrades, objects_to_upgrade
from lab.scale import scaled
from tcspec.upgrades.event_editor import EventEditor

pytestmark = pytest.mark.no_cover  # as in test_agreement

OBJECTS = scaled(3_000)


@pytest.mark.parametrize("seed", [1, 2])
def test_upgrades_have_every_property(seed):
    """The upgrade of any object equals that of the second implementation, on values and on bytes, and is inverted."""
    result = check_upgrades(objects_to_upgrade(OBJECTS, OBJECTS // VARIANTS, seed), seed)
    assert result.failures == []
    assert result.upgraded.total() == OBJECTS
    assert min(result.upgraded["upgraded"], result.upgraded["unchanged"]) > OBJECTS * 0.1


def _lose(editor, source, _=None):
    """Remove a value that has no place of its own instead of keeping it."""
    del editor.open_object(source[:-1])[source[-1]]
    editor.open_object(source[:-1]).changed = True


def _replace_without_journal(editor, path, value):
    """Convert a value without an entry in the journal."""
    parent = editor.open_object(path[:-1])
    parent[path[-1]] = editor.representation.encode(value)
    parent.changed = True


@pytest.mark.parametrize(
    ("operation", "fault", "failed"),
    [
        ("keep", _lose, "equals the second implementation"),
        ("move_or_keep", EventEditor.move, "is undone by its inverse"),
        ("replace", _replace_without_journal, "is undone by its inverse"),
        ("replace", lambda *_: None, "equals the second implementation"),
    ],
    ids=("a value is lost", "a value is overwritten", "a conversion is not in the journal", "nothing is converted"),
)
def test_injected_faults_are_found(operation, fault, failed):
    """An upgrade that loses, overwrites or forgets something fails the property that it violates."""
    with mock.patch.object(EventEditor, operation, fault):
        result = check_upgrades(objects_to_upgrade(600, 50, 3), 3)
    failures = {failure.partition(": raised")[0] for failure, _ in result.failures}
    assert failed in failures
    assert failures <= set(PROPERTIES)


def test_timestamps_are_read_as_by_decimal_and_datetime():
    """Any number, string or datetime in any unit and zone is read as exact decimal arithmetic reads it, or refused."""
    read, differences = compare_readings(scaled(20_000), 3)
    assert differences == []
    assert set(read) == {"refused", "s", "ms", "us", "ns", "text", "datetime"}


@pytest.fixture(scope="module")
def server():
    """Start a server on the loopback address that counts the bytes of bodies."""
    with Server() as running:
        yield running


def test_sizes_are_those_received(server):
    """The size of a payload, as a value or as text, is the number of bytes that a server receives."""
    count = scaled(1_000)
    payloads = (each.payload for each in objects_to_upgrade(count, count // VARIANTS, 3))
    sent, differences = compare_sizes(server, payloads)
    assert differences == []
    assert sent == 2 * count


def test_batches_fit(server):
    """The parts of a split batch are those of a simple second way, and fit the limit when a server receives them."""
    sent, differences = compare_batches(server, scaled(60), 3)
    assert differences == []
    assert sent > scaled(60)


def test_bulk_requests_are_full():
    """The parts of a split bulk request are complete, in order, and each is as long as it can be."""
    made, differences = compare_bulk_requests(scaled(200), 3)
    assert differences == []
    assert made > scaled(200)
