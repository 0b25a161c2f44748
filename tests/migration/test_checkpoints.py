"""Where a migration stands, on disk."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tcspec.migration import checkpoints
from tcspec.migration.checkpoints import CannotResume, Checkpoint, Job
from tcspec.migration.summary import Summary


@pytest.fixture
def job(tmp_path):
    """Give a job whose target is in a folder of its own."""
    return Job("/s", 5, 7, str(tmp_path / "t"), str(tmp_path / "r"), "keep", 200, 1000, 10)


def checkpoint_of(job, number):
    """Make a checkpoint of a job."""
    summary = Summary(lines=number)
    summary.codes["TC001"] = 2
    return Checkpoint(job, number, number * 9, 1, 2, 3, summary.as_dict())


def test_what_is_saved_is_loaded(job):
    """A checkpoint comes back as it was, counts included, and the last one is the one that counts."""
    for number in (1, 2):
        checkpoints.save(checkpoint_of(job, number))
    loaded = checkpoints.load(job)
    assert loaded == checkpoint_of(job, 2)
    assert loaded.counts().codes == {"TC001": 2}
    assert [path.name for path in checkpoints.path_beside(job.target).parent.iterdir()] == ["t.checkpoint"]


def test_no_checkpoint_is_none(job):
    """Where there is no checkpoint there is nothing to resume, and removing it does no harm."""
    assert checkpoints.load(job) is None
    checkpoints.remove(job.target)
    checkpoints.save(checkpoint_of(job, 1))
    checkpoints.remove(job.target)
    assert checkpoints.load(job) is None


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"source": "/other"}, "source"),
        ({"source_modified_ns": 8}, "source modified"),
        ({"source_size": 6, "every": 11}, "source size, every"),
        ({"tcspec": "0"}, "tcspec"),
    ],
)
def test_another_job_is_told_by_what_differs(job, change, named):
    """A checkpoint of another job is refused by naming everything that differs."""
    checkpoints.save(checkpoint_of(job, 1))
    with pytest.raises(CannotResume, match=f"this changed: {named}; start afresh"):
        checkpoints.load(replace(job, **change))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"job": {}}', "\x00"])
def test_what_is_no_checkpoint_is_told(job, content):
    """A file in the place of a checkpoint that is none is refused by its name."""
    checkpoints.path_beside(job.target).write_text(content)
    with pytest.raises(CannotResume, match=r"t\.checkpoint is not a checkpoint of tcspec"):
        checkpoints.load(job)
