"""The command line: `tcspec COMMAND ...`, one module per command, imported when it is run."""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections import UserDict
from contextlib import suppress
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

import click

import tcspec
from tcspec.cli.exits import Exit
from tcspec.cli.terminal import configure_streams, flush_output, is_closed_pipe, print_error, writing
from tcspec.errors import TcspecError
from tcspec.files.lines import FileError
from tcspec.jsontext.integers import MAX_INTEGER_DIGITS

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Commands(UserDict[str, Any]):
    """The commands by name; one is imported when it is looked up."""

    def __getitem__(self, name: str) -> click.Command:
        module, _, attribute = super().__getitem__(name).partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command


COMMANDS = _Commands(
    {
        "check": "tcspec.cli.check:check",
        "event": "tcspec.cli.event:event",
        "fix": "tcspec.cli.fix:fix",
        "migrate": "tcspec.cli.migrate:migrate",
        "rules": "tcspec.cli.rules:rules",
        "schema": "tcspec.cli.schema:schema",
        "size": "tcspec.cli.size:size",
        "timestamp": "tcspec.cli.timestamp:timestamp",
        "upgrade": "tcspec.cli.upgrade:upgrade",
        "validate": "tcspec.cli.validate:validate",
    }
)


class _Program(click.Group):
    """The group of commands; what click itself cannot write, such as help, fails as any other output does."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:  # noqa: ANN401 - those of click
        """Parse the options before the command."""
        with writing():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        with writing():
            return super().invoke(ctx)


@click.group(cls=_Program, commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(tcspec.__version__, prog_name="tcspec", message="%(prog)s %(version)s")
def program() -> None:
    """Validate Commanders Act tracking payloads, and upgrade legacy ones without losing a byte.

    Exit codes: 0 fine; 1 violations, rejects, or something would change; 2 misuse, or a file that cannot be
    opened; 3 an internal error. The highest wins.
    """


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    # Reports have integers too, and must not depend on PYTHONINTMAXSTRDIGITS.
    sys.set_int_max_str_digits(MAX_INTEGER_DIGITS)
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command line with arguments and return its exit code; any failure is one line on stderr."""
    configure_streams()
    code = Exit.FINE
    printed: set[str] = set()
    for step in (partial(program.main, list(arguments), prog_name="tcspec", standalone_mode=False), flush_output):
        try:
            code = max(code, step() or Exit.FINE)
        except Exception as error:  # noqa: BLE001 - nobody wants a traceback of ours
            failed, lines = _describe(error)
            code = max(code, failed)
            if lines and lines[-1] not in printed:
                printed.add(lines[-1])
                # When standard error cannot be written either, the exit code is all that is left to tell.
                with suppress(FileError):
                    for line in lines:
                        print_error(line)
    return int(code)


def _describe(error: Exception) -> tuple[Exit, list[str]]:
    """Return the exit code of a failure, and the lines to print about it."""
    match error:
        case click.ClickException():
            return Exit.MISUSE, _describe_misuse(error)
        case click.Abort():
            return Exit.INTERRUPTED, []
        case TcspecError() if is_closed_pipe(error):
            return Exit.CLOSED, []
        case TcspecError():
            return Exit.MISUSE, [f"tcspec: {error}"]
        case FileNotFoundError(filename=None):
            # Of all calls only that for the working folder has no name: a relative path was made absolute.
            return Exit.MISUSE, ["tcspec: the working folder was deleted; use absolute paths or another working folder"]
    lines = "".join(traceback.format_exception(error)).split("\n")[:-1] if os.environ.get("TCSPEC_DEBUG") else []
    # Not the error's own text: it may hold a payload.
    name = type(error).__name__
    return Exit.INTERNAL, [*lines, f"tcspec: internal error ({name}); TCSPEC_DEBUG=1 shows where, please report it"]


def _describe_misuse(error: click.ClickException) -> list[str]:
    """Return the lines that click shows of an error."""
    shown = io.StringIO()
    error.show(shown)
    usage, mark, _ = shown.getvalue().partition("Error: ")
    # The message echoes arguments, so whatever line ends it has are not its own.
    return [*usage.split("\n")[:-1], *([f"{mark}{error.format_message()}"] if mark else [])]
