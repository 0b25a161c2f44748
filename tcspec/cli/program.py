"""The program: the group of all commands, each imported when it is run."""

from __future__ import annotations

from collections import UserDict
from importlib import import_module
from typing import Any

import click

import tcspec
from tcspec.cli.terminal import writing


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
        "rejects": "tcspec.cli.rejects:rejects",
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
