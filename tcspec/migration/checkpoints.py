"""Checkpoints of a migration on disk, so that an interrupted one continues and ends with the same files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tcspec import __version__
from tcspec.errors import TcspecError
from tcspec.files.atomic import write_file
from tcspec.migration.summary import Summary


@dataclass(frozen=True, slots=True)
class Job:
    """The files and options of a migration; only the same job can be resumed."""

    source: str
    source_size: int
    source_modified_ns: int
    target: str
    rejects: str
    on_invalid: str
    depth: int
    length: int
    every: int
    tcspec: str = __version__


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a migration is: what was read, and how much of each output file is complete."""

    job: Job
    number: int
    offset: int
    target: int
    rejects: int
    reasons: int
    summary: dict[str, Any]
    is_complete: bool = False

    def build_summary(self) -> Summary:
        """Return the counts up to here."""
        return Summary.from_dict(self.summary)


@dataclass(eq=False)
class CannotResume(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A migration cannot be resumed."""

    reason: str

    def __str__(self) -> str:
        return f"cannot resume: {self.reason}"


def checkpoint_path(target: str) -> Path:
    """Return the path of the checkpoint of a migration to a target."""
    place = Path(target).resolve()
    return place.with_name(f"{place.name}.checkpoint")


def save(checkpoint: Checkpoint) -> None:
    """Write a checkpoint to disk, in place of the one before.

    Raises:
        FileError: when it cannot be written.
    """
    path = checkpoint_path(checkpoint.job.target)
    # Always the same temporary file: what a kill leaves of it is replaced once the migration is resumed.
    write_file(str(path), json.dumps(asdict(checkpoint)).encode(), path.with_name(f"{path.name}.new"))


def load(job: Job) -> Checkpoint | None:
    """Read the checkpoint of a job; None when there is none.

    Raises:
        CannotResume: when the checkpoint beside the target is of another job.
    """
    path = checkpoint_path(job.target)
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
        checkpoint = Checkpoint(**{**saved, "job": Job(**saved["job"])})
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        raise CannotResume(f"{path} is not a checkpoint of tcspec") from None
    differing = [name for name, value in asdict(job).items() if asdict(checkpoint.job)[name] != value]
    if differing:
        names = ", ".join(name.removesuffix("_ns").replace("_", " ") for name in differing)
        raise CannotResume(f"changed since the checkpoint: {names}; start again without --resume")
    return checkpoint


def remove(target: str) -> None:
    """Remove the checkpoint of a target, if there is one."""
    checkpoint_path(target).unlink(missing_ok=True)
