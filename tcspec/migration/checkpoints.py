"""Where a migration stands, on disk, so that one that was killed can be taken up again and end the same."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tcspec import __version__
from tcspec.errors import TcspecError
from tcspec.migration.summary import Summary


@dataclass(frozen=True, slots=True)
class Job:
    """What a migration was asked to do; only the same job can be taken up again."""

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
    """Where a migration stands: what was read, and how much of each file is whole."""

    job: Job
    number: int
    offset: int
    target: int
    rejects: int
    reasons: int
    summary: dict[str, Any]
    is_complete: bool = False

    def counts(self) -> Summary:
        """Give the counts up to here."""
        return Summary.from_dict(self.summary)


@dataclass
class CannotResume(TcspecError):  # noqa: N818 - what a user reads is the sentence
    """A migration cannot be taken up again where it stopped."""

    reason: str

    def __str__(self) -> str:
        return f"cannot resume: {self.reason}"


def path_beside(target: str) -> Path:
    """Name the file of the checkpoint of a migration to a target."""
    place = Path(target).resolve()
    return place.with_name(f"{place.name}.checkpoint")


def save(checkpoint: Checkpoint) -> None:
    """Put a checkpoint on disk, in place of the one before, at once or not at all."""
    path = path_beside(checkpoint.job.target)
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(checkpoint), file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def load(job: Job) -> Checkpoint | None:
    """Find the checkpoint of a job; None when there is none.

    Raises:
        CannotResume: when the checkpoint beside the target is of another job.
    """
    path = path_beside(job.target)
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
        raise CannotResume(f"since the checkpoint was made this changed: {names}; start afresh without --resume")
    return checkpoint


def remove(target: str) -> None:
    """Take the checkpoint of a target away, if there is one."""
    path_beside(target).unlink(missing_ok=True)
