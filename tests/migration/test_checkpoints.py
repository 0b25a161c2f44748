"""Checkpoints of a migration are saved and loaded."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tcspec.files.lines import FileError
from tcspec.migration import checkpoints
from tcspec.migration.checkpoints import Checkpoint
from tcspec.migration.details import Details
from tcspec.migration.job import Job
from tcspec.migration.output_files import CannotResume, Content
from tcspec.migration.summary import InvalidEvent, Summary
from tcspec.rules.registry import EVERY_CODE

JOB = Job("/s\udc80", 5, 7, "/t", "/r", "keep", 200, 1000, 10)
OUTPUTS = {role: Content(size, "ab") for size, role in enumerate(("target", "rejects", "reasons"))}
CHECKPOINT = Checkpoint(JOB, 3, Content(27, "cd"), OUTPUTS, Summary(lines=3, codes=Counter(TC001=2)))

counts = st.integers(0, 1 << 70)
counters = st.dictionaries(st.text(), counts).map(Counter)
summaries = st.builds(Summary, counts, counts, bytes_read=counts, changes=counters, codes=counters)


@given(summary=summaries, number=counts, size=counts, is_complete=st.booleans())
def test_saving_and_loading(tmp_path_factory, summary, number, size, is_complete):
    """The last checkpoint that was saved is loaded, counts included, and no other file remains."""
    folder = tmp_path_factory.mktemp("work")
    checkpoint = Checkpoint(JOB, number, Content(size, "cd"), OUTPUTS, summary, is_complete)
    for each in (CHECKPOINT, checkpoint):
        checkpoints.save(folder, each)
    assert checkpoints.load(folder, JOB) == checkpoint
    assert [path.name for path in folder.iterdir()] == [checkpoints.NAME]


def test_the_longest_one(tmp_path):
    """A checkpoint with as many names, places and invalid events as there can be is loaded."""
    names = [f"{number:04}{chr(0x1F600) * 76}" for number in range(1_000)]
    details = Details(events=Counter(names))
    events = [InvalidEvent(number, number, list(EVERY_CODE)) for number in range(1_000)]
    longest = replace(CHECKPOINT, summary=Summary(lines=1_000, invalid_events=events, details=details))
    checkpoints.save(tmp_path, longest)
    assert checkpoints.load(tmp_path, JOB) == longest


def test_no_checkpoint(tmp_path):
    """Without a checkpoint there is nothing to load."""
    assert checkpoints.load(tmp_path, JOB) is None


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"source": "/other"}, "source"),
        ({"source_modified_ns": 8}, "source modified"),
        ({"source_size": 6, "every": 11}, "source size, every"),
        ({"tcspec": "0"}, "tcspec"),
    ],
)
def test_checkpoint_of_another_job(tmp_path, change, names):
    """The error for a checkpoint of another job names everything that differs."""
    checkpoints.save(tmp_path, CHECKPOINT)
    with pytest.raises(CannotResume, match=f"changed since the checkpoint: {names}; start again"):
        checkpoints.load(tmp_path, replace(JOB, **change))


SAVED = {
    "job": {name: getattr(JOB, name) for name in Job.__slots__},
    "number": 3,
    "read": {"size": 27, "sha256": "cd"},
    "outputs": {role: {"size": content.size, "sha256": content.sha256} for role, content in OUTPUTS.items()},
    "summary": {"lines": 3, "codes": {"TC001": 2}, "changes": {}},
    "is_complete": False,
}


@pytest.mark.parametrize(
    "change",
    [
        {"job": None},
        {"job": SAVED["job"] | {"every": "10"}},
        {"job": SAVED["job"] | {"source_size": True}},
        {"number": -1},
        {"number": 1.5},
        {"number": "3"},
        {"read": 27},
        {"read": {"size": -1, "sha256": "cd"}},
        {"read": {"size": 27}},
        {"outputs": []},
        {"outputs": {"target": SAVED["read"]}},
        {"outputs": {"target": None, "rejects": None, "reasons": None}},
        {"outputs": {}, "is_complete": True},
        {"summary": []},
        {"summary": {"lines": "3"}},
        {"summary": {"codes": {"TC001": "2"}}},
        {"summary": {"codes": {"TC001": -2}}},
        {"summary": {"codes": ["TC001"]}},
        {"is_complete": "no"},
        {"is_complete": 1},
    ],
)
def test_wrong_types(tmp_path, change):
    """Everything in a checkpoint has a type: anything else is an error that names the file."""
    path = tmp_path / checkpoints.NAME
    path.write_text(json.dumps(SAVED))
    assert checkpoints.load(tmp_path, JOB) == CHECKPOINT
    path.write_text(json.dumps(SAVED | change))
    with pytest.raises(CannotResume, match=r"checkpoint\.json is not a checkpoint of tcspec .*; start again"):
        checkpoints.load(tmp_path, JOB)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b'{"job": {}}',
        b"\x00",
        b"\xff",
        b"[" * 100_000,
        b'{"number":' + b"9" * 5000 + b"}",
        b" " * (2 << 20),
    ],
    ids=["empty", "array", "object", "job", "nul", "not UTF-8", "deep", "long number", "long"],
)
def test_other_files(tmp_path, content):
    """A file that is not a checkpoint is an error that names it."""
    (tmp_path / checkpoints.NAME).write_bytes(content)
    with pytest.raises(CannotResume, match=r"checkpoint\.json is not a checkpoint of tcspec"):
        checkpoints.load(tmp_path, JOB)


def test_a_folder_in_its_place(tmp_path):
    """A folder in the place of a checkpoint is an error that names it."""
    (tmp_path / checkpoints.NAME).mkdir()
    with pytest.raises(FileError, match=r"checkpoint\.json: Is a directory"):
        checkpoints.load(tmp_path, JOB)
    with pytest.raises(FileError, match=r"checkpoint\.json: is not a regular file"):
        checkpoints.save(tmp_path, CHECKPOINT)


def test_a_temporary_file_that_was_left(tmp_path):
    """What a kill leaves of a checkpoint that was being saved is replaced with the next one."""
    (tmp_path / f"{checkpoints.NAME}.new").write_text('{"job": {"source"')
    checkpoints.save(tmp_path, CHECKPOINT)
    assert checkpoints.load(tmp_path, JOB) == CHECKPOINT
    assert [path.name for path in tmp_path.iterdir()] == [checkpoints.NAME]
