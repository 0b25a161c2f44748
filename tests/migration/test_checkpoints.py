"""Checkpoints of a migration are saved, loaded and removed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tcspec.migration import checkpoints
from tcspec.migration.checkpoints import CannotResume, Checkpoint, Job
from tcspec.migration.summary import Summary


@pytest.fixture
def job(tmp_path):
    """Build a job whose target is in a folder of its own."""
    return Job("/s", 5, 7, str(tmp_path / "t"), str(tmp_path / "r"), "keep", 200, 1000, 10)


def build_checkpoint(job, number):
    """Build a checkpoint of a job."""
    summary = Summary(lines=number)
    summary.codes["TC001"] = 2
    return Checkpoint(job, number, number * 9, 1, 2, 3, summary.to_dict())


def test_saving_and_loading(job):
    """The last checkpoint that was saved is loaded, counts included, and no other file remains."""
    for number in (1, 2):
        checkpoints.save(build_checkpoint(job, number))
    loaded = checkpoints.load(job)
    assert loaded == build_checkpoint(job, 2)
    assert loaded.build_summary().codes == {"TC001": 2}
    assert [path.name for path in checkpoints.checkpoint_path(job.target).parent.iterdir()] == ["t.checkpoint"]


def test_no_checkpoint(job):
    """Without a checkpoint there is nothing to load, and nothing to remove."""
    assert checkpoints.load(job) is None
    checkpoints.remove(job.target)
    checkpoints.save(build_checkpoint(job, 1))
    checkpoints.remove(job.target)
    assert checkpoints.load(job) is None


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"source": "/other"}, "source"),
        ({"source_modified_ns": 8}, "source modified"),
        ({"source_size": 6, "every": 11}, "source size, every"),
        ({"tcspec": "0"}, "tcspec"),
    ],
)
def test_checkpoint_of_another_job(job, change, names):
    """The error for a checkpoint of another job names everything that differs."""
    checkpoints.save(build_checkpoint(job, 1))
    with pytest.raises(CannotResume, match=f"changed since the checkpoint: {names}; start again"):
        checkpoints.load(replace(job, **change))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"job": {}}', "\x00"])
def test_other_files(job, content):
    """The error for a file that is not a checkpoint names it."""
    checkpoints.checkpoint_path(job.target).write_text(content)
    with pytest.raises(CannotResume, match=r"t\.checkpoint is not a checkpoint of tcspec"):
        checkpoints.load(job)


def test_a_temporary_file_that_was_left(job):
    """What a kill leaves of a checkpoint that was being saved is replaced with the next one."""
    path = checkpoints.checkpoint_path(job.target)
    path.with_name(f"{path.name}.new").write_text('{"job": {"source"')
    checkpoints.save(build_checkpoint(job, 1))
    assert checkpoints.load(job) == build_checkpoint(job, 1)
    assert list(path.parent.iterdir()) == [path]
