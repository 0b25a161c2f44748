"""Options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from tcspec.files.formats import explain_path, mask_path
from tcspec.jsontext.reader import DEFAULT_LIMITS, MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = TypeVar("Command", bound=Callable[..., Any])


def codes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes or prefixes of codes, which are separated by commas or stand in several options."""
    from tcspec.rules.registry import EVERY_CODE  # noqa: PLC0415 - as above
    from tcspec.rules.settings import find_unknown_prefix, format_suggestion  # noqa: PLC0415 - most need no rules

    prefixes = tuple(prefix.strip().upper() for value in values for prefix in value.split(",") if prefix.strip())
    unknown = find_unknown_prefix(prefixes)
    if unknown is not None:
        raise click.BadParameter(f"no code starts with {unknown}{format_suggestion(unknown, EVERY_CODE)}")
    return prefixes


def file_name(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Return the name of a file or folder; an empty one, such as an unset variable of a shell, is none."""
    if value == "":
        raise click.BadParameter("expected a name, got an empty string")
    return value


def local_paths(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return paths when none is a URL, whose password no message must show."""
    for path in values:
        if reason := explain_path(path):
            raise click.BadParameter(f"{mask_path(path)} {reason}")
    return values


paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...", callback=local_paths)

format_of_output = click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Output format.",
)  # fmt: skip

allow_empty = click.option("--allow-empty", is_flag=True, help="Do not fail when no payload was found.")


def limits(command: Command) -> Command:
    """Add to a command `--max-depth` and `--max-length`."""
    depth = click.option(
        "--max-depth", type=click.IntRange(1, MAX_DEPTH), default=DEFAULT_LIMITS.depth, show_default=True,
        metavar="LEVELS", help="Maximum nesting of a document.",
    )  # fmt: skip
    length = click.option(
        "--max-length", type=click.IntRange(1), default=DEFAULT_LIMITS.length, show_default=True, metavar="BYTES",
        help="Maximum length of a document or line.",
    )  # fmt: skip
    return depth(length(command))
