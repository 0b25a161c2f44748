"""Options that several verbs share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from tcspec.jsontext.reader import DEFAULT_LIMITS, MAX_DEPTH

if TYPE_CHECKING:
    from collections.abc import Callable

    Verb = TypeVar("Verb", bound=Callable[..., Any])


def codes(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Take codes or beginnings of codes, separated by commas or given one by one."""
    from tcspec.rules.registry import EVERY_CODE  # noqa: PLC0415 - as above
    from tcspec.rules.settings import find_unknown_prefix, format_suggestion  # noqa: PLC0415 - most verbs need no rules

    prefixes = tuple(prefix.strip().upper() for each in given for prefix in each.split(",") if prefix.strip())
    unknown = find_unknown_prefix(prefixes)
    if unknown is not None:
        raise click.BadParameter(f"no code starts with {unknown}{format_suggestion(unknown, EVERY_CODE)}")
    return prefixes


paths = click.argument("paths", nargs=-1, required=True, metavar="PATH...")

format_of_output = click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="How the result is written.",
)  # fmt: skip

allow_empty = click.option("--allow-empty", is_flag=True, help="Do not fail when there was no payload at all.")


def limits(verb: Verb) -> Verb:
    """Give a verb `--max-depth` and `--max-length`."""
    depth = click.option(
        "--max-depth", type=click.IntRange(1, MAX_DEPTH), default=DEFAULT_LIMITS.depth, show_default=True,
        metavar="LEVELS", help="How deep a document may be nested.",
    )  # fmt: skip
    length = click.option(
        "--max-length", type=click.IntRange(1), default=DEFAULT_LIMITS.length, show_default=True, metavar="BYTES",
        help="How long a document or line may be.",
    )  # fmt: skip
    return depth(length(verb))
