"""Checkpoints of a migration on disk, so that an interrupted one continues and ends with the same files."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from tcspec.files.atomic import write_file
from tcspec.files.lines import FileError, wrap_os_errors
from tcspec.migration.job import ROLES, TARGET, Job, MigrationError
from tcspec.migration.output_files import CannotResume, CompleteFile, Content
from tcspec.migration.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tcspec.files.identity import FileState

NAME = "checkpoint.json"
GOES_ON = "the same command with --resume goes on"
"""What is said of a migration that is interrupted."""
PlaceStates = dict[str, tuple[int, int] | None]
"""The size and time of modification of what is at the place of each output, by its role; None where nothing is."""
FOREIGN = "was written by another program since this began; keep a copy, and replace it with --resume --force"
"""What is said of what is at the place of an output, and was not when the migration began."""
_LONGEST = 1 << 23
"""How many bytes of a checkpoint are read; one of ours has a megabyte when every name in it is long."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far a migration is: what was read, what was written to each output file, and the counts up to here.

    A migration whose checkpoint is complete only has to move its outputs; those that are not listed have no content
    and are not wanted. `before` is what was at the place of each output when the migration began.
    """

    job: Job
    number: Annotated[int, msgspec.Meta(ge=0)]
    read: Content
    outputs: dict[str, Content]
    summary: Summary
    is_complete: bool = False
    before: PlaceStates = field(default_factory=dict)

    def find_complete(self, folder: Path) -> dict[str, CompleteFile]:
        """Return the files that were written to their end, by their role; none while the migration was running."""
        places = self.job.outputs if self.is_complete else {}
        return {
            role: CompleteFile(folder / role, Path(place), self.outputs[role])
            for role, place in places.items()
            if role in self.outputs
        }


def save(folder: Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint to the disk, in place of the one before.

    Raises:
        FileError: when it cannot be written; then the one before is as it was.
    """
    # Always the same temporary file: what a kill leaves of it is replaced once the migration is resumed.
    content = json.dumps(msgspec.to_builtins(checkpoint)).encode()
    write_file(str(folder / NAME), content, temporary=folder / f"{NAME}.new")


def find(folder: Path) -> bool:
    """Return whether a folder has a checkpoint."""
    return (folder / NAME).exists()


def load(folder: Path, job: Job) -> Checkpoint | None:
    """Read the checkpoint of a job; None when there is none.

    Raises:
        FileError: when it cannot be read.
        CannotResume: when it is damaged or of another job.
    """
    path = folder / NAME
    with wrap_os_errors(str(path)):
        try:
            with path.open("rb") as file:
                raw = file.read(_LONGEST)
        except FileNotFoundError:
            return None
    try:
        # Not msgspec's own decoder: paths may have names that are not UTF-8, which JSON escapes.
        checkpoint = msgspec.convert(json.loads(raw), Checkpoint, dec_hook=_build_counter)
    except (ValueError, RecursionError, msgspec.ValidationError) as error:
        reason = f" ({error})" if isinstance(error, msgspec.ValidationError) else ""
        raise CannotResume(f"{path} is not a checkpoint of tcspec{reason}") from None
    # The version of tcspec is one of them: another version might upgrade the rest in another way.
    saved = asdict(checkpoint.job)
    if differing := [name for name, value in asdict(job).items() if saved[name] != value]:
        names = ", ".join(name.removesuffix("_ns").replace("_", " ") for name in differing)
        raise CannotResume(f"changed since the checkpoint: {names}")
    # While it runs every output is continued, an empty one too; when it is complete only the target must be there.
    needed = {TARGET} if checkpoint.is_complete else {*ROLES, *job.outputs}
    if not needed <= checkpoint.outputs.keys():
        raise CannotResume(f"{path} is not a checkpoint of tcspec (it does not name every output)")
    return checkpoint


def explain_interrupted(folder: Path, *, is_other: bool = False) -> MigrationError:
    """Return the error for a working folder with an interrupted migration: of the same command, or of another one."""
    again = "its command with --resume goes on" if is_other else "--resume goes on, --force starts again"
    return MigrationError(f"{folder} has an interrupted migration; {again}")


def explain_existing(path: str | Path, *, resume: bool = False) -> MigrationError:
    """Return the error for a file at the place of an output; a run that goes on may just find that all is complete."""
    what = ", and is not of an interrupted migration" if resume else ""
    return MigrationError(f"{path} exists{what}; --force replaces it")


def build_summary(counts: object) -> Summary:
    """Build a summary from its JSON object.

    Raises:
        CannotResume: when it is none.
    """
    try:
        return msgspec.convert(counts, Summary, dec_hook=_build_counter)
    except msgspec.ValidationError as error:
        raise CannotResume(f"these are no counts of tcspec ({error})") from None


def _build_counter(_: type, counts: object) -> Counter[str]:
    """Build the one type of a summary that msgspec does not know."""
    return Counter(msgspec.convert(counts, dict[str, Annotated[int, msgspec.Meta(ge=0)]]))


def note_places(before: Mapping[str, FileState | None]) -> PlaceStates:
    """Return the states of the places of outputs as they are saved; not what another start of the system changes."""
    return {role: None if state is None else (state.size, state.modified_ns) for role, state in before.items()}


def check_places(
    places: Mapping[str, str | Path],
    noted: PlaceStates,
    now: Mapping[str, FileState | None],
    complete: Mapping[str, CompleteFile],
) -> None:
    """Check that what was interrupted replaces nothing that others have written since it began.

    Args:
        places: the paths of the outputs by their role.
        noted: what was there when it began.
        now: what is there now.
        complete: the files that were complete; what was moved of them is at its place.

    Raises:
        FileError: when there is something else at a place.
    """
    states = note_places(now)
    for role, place in places.items():
        if role not in noted or states[role] == noted[role] or (role in complete and complete[role].is_moved):
            continue
        raise FileError(str(place), FOREIGN)
