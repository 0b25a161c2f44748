"""Upgrades, times, sizes and parts at scale, each held against a second way that is slow and obvious."""

from __future__ import annotations

from unittest import mock

import pytest

from lab.agreement.bodies import Server, wrong_batches, wrong_bulks, wrong_sizes
from lab.agreement.hunt import VARIANTS
from lab.agreement.moments import differences
from lab.agreement.upgrades import LAWS, hold, objects
from lab.scale import scaled
from tcspec.upgrades.event_editor import EventEditor

pytestmark = pytest.mark.no_cover  # as in test_agreement

OBJECTS = scaled(3_000)


@pytest.mark.parametrize("seed", [1, 2])
def test_upgrades_keep_every_law(seed):
    """The upgrade of any object is what the text of the contract says, on values and on bytes, and is undone."""
    kept = hold(objects(OBJECTS, OBJECTS // VARIANTS, seed), seed)
    assert kept.broken == []
    assert kept.upgraded.total() == OBJECTS
    assert min(kept.upgraded["upgraded"], kept.upgraded["unchanged"]) > OBJECTS * 0.1


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
    ("operation", "fault", "law"),
    [
        ("keep", _lose, "is what the text of the contract says"),
        ("move_or_keep", EventEditor.move, "is undone by its inverse"),
        ("replace", _replace_without_journal, "is undone by its inverse"),
        ("replace", lambda *_: None, "is what the text of the contract says"),
    ],
    ids=("a value is lost", "a value is overwritten", "a conversion is not written down", "nothing is converted"),
)
def test_planted_faults_are_found(operation, fault, law):
    """An upgrade that loses, overwrites or forgets something is found by the laws that it breaks."""
    with mock.patch.object(EventEditor, operation, fault):
        kept = hold(objects(600, 50, 3), 3)
    broken = {said.partition(": raised")[0] for said, _ in kept.broken}
    assert law in broken
    assert broken <= set(LAWS)


def test_times_are_read_as_decimal_and_datetime_have_them():
    """Any number, text or datetime is read in any unit and zone as exact decimal arithmetic reads it, or refused."""
    read, differing = differences(scaled(20_000), 3)
    assert differing == []
    assert set(read) == {"refused", "s", "ms", "us", "ns", "text", "datetime"}


@pytest.fixture(scope="module")
def server():
    """Start a server on the loopback address that counts the bytes of bodies."""
    with Server() as running:
        yield running


def test_sizes_are_what_arrives(server):
    """The size of a payload, as a value or as text, is the number of bytes that a server receives."""
    count = scaled(1_000)
    sent, wrong = wrong_sizes(server, (each.payload for each in objects(count, count // VARIANTS, 3)))
    assert wrong == []
    assert sent == 2 * count


def test_batches_arrive_within_the_limit(server):
    """The parts of a split batch are those that anybody would make, and arrive within the limit."""
    sent, wrong = wrong_batches(server, scaled(60), 3)
    assert wrong == []
    assert sent > scaled(60)


def test_bulk_requests_are_as_long_as_fits():
    """The parts of a split bulk request are whole, in order, and each as long as fits."""
    made, wrong = wrong_bulks(scaled(200), 3)
    assert wrong == []
    assert made > scaled(200)
