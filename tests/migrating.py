"""Streams of events, and a migration of bytes."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path

import pytest

from locations import FIXTURES
from tcspec.migration import checkpoints, folders
from tcspec.migration.engine import migrate

STREAMS = FIXTURES / "streams"
NAMES = sorted(path.name for path in STREAMS.glob("*.ndjson") if ".expected." not in path.name)
LEGACY = b'{"event_name":"login","event_id":"%d","event_timestamp":1665475252625,"properties":{"user":{"id":"u"}}}'


def legacy_lines(count):
    """Return a stream of valid legacy events."""
    return b"".join(LEGACY % number + b"\n" for number in range(count))


def run(tmp_path, data, name="source.ndjson", **options):
    """Migrate bytes; return the summary, the target, the rejects and their reasons."""
    source, target, rejects = tmp_path / name, tmp_path / "target.ndjson", tmp_path / "rejects.ndjson"
    source.write_bytes(data)
    summary = migrate(str(source), str(target), rejects=str(rejects), force=True, **options)
    return summary, target.read_bytes(), rejects.read_bytes(), objects_of(reasons_of(rejects))


@contextmanager
def interrupted(after):
    """Stop the migration that is begun inside when it has saved so many checkpoints."""
    saved = []
    original = checkpoints.save

    def save(folder, checkpoint):
        original(folder, checkpoint)
        saved.append(checkpoint)
        if len(saved) == after:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checkpoints, "save", save)
        with pytest.raises(KeyboardInterrupt):
            yield


@contextmanager
def interrupted_folder(after):
    """Let a migration of several files inside stop as if killed, when so many of them are listed as complete."""
    listed = []
    original = folders._append  # noqa: SLF001 - where a run may be killed

    def append(*arguments):
        if len(listed) == after:
            raise KeyboardInterrupt
        listed.append(arguments[1])
        original(*arguments)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(folders, "_append", append)
        yield listed


def expected_of(name):
    """Read the expected outcome of every line of a stream."""
    return objects_of(STREAMS / name.replace(".ndjson", ".expected.ndjson"))


def objects_of(path):
    """Read the JSON objects of a file, one a line."""
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


def reasons_of(rejects):
    """Return the path of the reasons of rejects."""
    return Path(f"{rejects}.reasons.ndjson")
