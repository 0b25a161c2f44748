"""The command line: `tcspec COMMAND ...`. What a run does not need is imported by no run: starting takes most of it."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NoReturn

import tcspec
from tcspec.cli.exits import Exit
from tcspec.cli.terminal import configure_streams, flush_output, is_closed_pipe, print_error, write_data, writing
from tcspec.jsontext import integers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click


_OBJECTS_BETWEEN_SEARCHES = 50_000


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    # Reports have integers too, and must not depend on PYTHONINTMAXSTRDIGITS.
    sys.set_int_max_str_digits(integers.MAX_INTEGER_DIGITS)
    # Modules and payloads have next to no cycles: to search for some every 700 objects takes a tenth of a run.
    gc.set_threshold(_OBJECTS_BETWEEN_SEARCHES)
    code = run(sys.argv[1:])
    # At its end Python would search all that is left, and find nothing to free: another tenth of a short run.
    gc.freeze()
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line with arguments and return its exit code; any failure is one line on stderr."""
    configure_streams()
    code: int = Exit.FINE
    printed: set[str] = set()
    for step in (partial(_run_command, list(arguments)), flush_output):
        try:
            code = max(code, step() or Exit.FINE)
        except Exception as error:  # noqa: BLE001 - nobody wants a traceback of ours
            from tcspec.files.lines import FileError  # noqa: PLC0415 - most runs do not fail

            failed, lines = _describe(error)
            code = max(code, failed)
            if lines and lines[-1] not in printed:
                printed.add(lines[-1])
                # When standard error cannot be written either, the exit code is all that is left to tell.
                with suppress(FileError):
                    for line in lines:
                        print_error(line)
    return int(code)


def _run_command(arguments: list[str]) -> int | None:
    """Run the command that arguments name, and return its exit code."""
    if arguments == ["--version"]:
        # Without click, whose import takes longer than everything else; beside other arguments it is an option of it.
        compiled = "" if integers.__file__.endswith(".py") else " (compiled: yes)"
        write_data(f"tcspec {tcspec.__version__}{compiled}\n")
        return None
    if _names_only_files(arguments):
        return _check_plainly(*arguments)
    from tcspec.cli.program import program  # noqa: PLC0415 - as above

    code: int | None = program.main(arguments, prog_name="tcspec", standalone_mode=False)
    return code


_COMMANDS_ON_FILES = {"check": True, "validate": False}
"""The commands that check files, and whether they check the rules too."""


def _names_only_files(arguments: list[str]) -> bool:
    """Return whether arguments are a command that checks files, and nothing but files that are there, as of a hook."""
    command, *paths = arguments or [""]
    return (
        bool(command in _COMMANDS_ON_FILES and paths and "_TCSPEC_COMPLETE" not in os.environ)
        and not any(path.startswith("-") or "://" in path for path in paths)
        and all(map(os.path.isfile, paths))
    )


def _check_plainly(command: str, *paths: str) -> int:
    """Check files as click would do it without options: to import click, and to build the options, takes longer."""
    from tcspec.cli.check_runs import DEFAULTS, run_check  # noqa: PLC0415 - as above
    from tcspec.cli.named_files import FileArguments  # noqa: PLC0415

    try:
        with writing():
            return run_check(FileArguments(paths), rules=_COMMANDS_ON_FILES[command], **DEFAULTS)
    except KeyboardInterrupt:
        import click  # noqa: PLC0415

        print_error("")
        raise click.Abort from None


def _describe(error: Exception) -> tuple[Exit, list[str]]:
    """Return the exit code of a failure, and the lines to print about it."""
    # Imported here: most runs do not fail.
    import traceback  # noqa: PLC0415

    import click  # noqa: PLC0415

    from tcspec.errors import TcspecError  # noqa: PLC0415

    match error:
        case click.ClickException():
            return Exit.MISUSE, _describe_misuse(error)
        case click.Abort():
            return Exit.INTERRUPTED, []
        case TcspecError() if is_closed_pipe(error):
            return Exit.CLOSED, []
        case TcspecError():
            return Exit.MISUSE, [f"tcspec: {'; '.join((str(error), *getattr(error, '__notes__', ())))}"]
        case FileNotFoundError(filename=None):
            # Of all calls only that for the working folder has no name: a relative path was made absolute.
            return Exit.MISUSE, ["tcspec: the working folder was deleted; use absolute paths or another working folder"]
    lines = "".join(traceback.format_exception(error)).split("\n")[:-1] if os.environ.get("TCSPEC_DEBUG") else []
    # Not the error's own text: it may hold a payload.
    name = type(error).__name__
    return Exit.INTERNAL, [*lines, f"tcspec: internal error ({name}); TCSPEC_DEBUG=1 shows where, please report it"]


def _describe_misuse(error: click.ClickException) -> list[str]:
    """Return the lines that click shows of an error."""
    import io  # noqa: PLC0415 - as above

    shown = io.StringIO()
    error.show(shown)
    usage, mark, _ = shown.getvalue().partition("Error: ")
    # The message echoes arguments, so whatever line ends it has are not its own.
    return [*usage.split("\n")[:-1], *([f"{mark}{error.format_message()}"] if mark else [])]
