"""Options that several commands share."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from tcspec.cli.named_files import FileArguments
from tcspec.files.formats import explain_path, mask_path
from tcspec.jsontext.pointer import split
from tcspec.jsontext.reader import DEFAULT_LIMITS, MAX_DEPTH, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from click.shell_completion import CompletionItem

    Command = TypeVar("Command", bound=Callable[..., Any])
    Name = TypeVar("Name", str, tuple[str, ...], None)


def codes(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return codes or prefixes of codes, which are separated by commas or stand in several options."""
    if not values:
        return ()
    from tcspec.rules.registry import EVERY_CODE  # noqa: PLC0415 - most runs name no codes
    from tcspec.rules.settings import find_unknown_prefix, format_suggestion  # noqa: PLC0415

    prefixes = tuple(prefix.strip().upper() for value in values for prefix in value.split(",") if prefix.strip())
    unknown = find_unknown_prefix(prefixes)
    if unknown is not None:
        raise click.BadParameter(f"no code starts with {unknown}{format_suggestion(unknown, EVERY_CODE)}")
    return prefixes


def local_paths(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return paths when none is a URL, whose password no message must show."""
    for path in values:
        if reason := explain_path(path):
            raise click.BadParameter(f"{mask_path(path)} {reason}")
    return values


def complete_files(_: click.Context, __: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return what makes the shell complete the name of a file or folder, as it would without tcspec."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a shell that completes needs it

    return [CompletionItem(incomplete, type="file")]


def file_option(*names: str, **settings: Any) -> Callable[[Command], Command]:  # noqa: ANN401 - those of click
    """Return an option that names a file or folder; an empty name, such as an unset variable of a shell, is refused."""
    return click.option(
        *names, callback=_refuse_empty, shell_complete=complete_files, **{"metavar": "FILE", **settings}
    )


def _refuse_empty(_: click.Context, __: click.Parameter, value: Name) -> Name:
    if value == "" or (isinstance(value, tuple) and "" in value):
        raise click.BadParameter("expected a name, got an empty string")
    return value


def complete_names(find: Callable[[], Iterable[str]]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return a function that completes one of the names that another one finds."""
    return lambda _, __, incomplete: [name for name in find() if name.startswith(incomplete)]


def json_pointer(_: click.Context, __: click.Parameter, value: str) -> str:
    """Return a JSON Pointer when it is one."""
    try:
        split(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return value


def _patterns(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Return patterns of paths when all can match one."""
    if not values:
        return ()
    from tcspec.files.gitignore import parse_pattern  # noqa: PLC0415 - few runs have patterns

    try:
        for value in values:
            parse_pattern(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return values


def files(command: Command) -> Command:
    """Give a command the arguments and options that name files; it gets them as `files`."""

    @wraps(command)
    def run(
        *,
        paths: tuple[str, ...],
        exclude: tuple[str, ...],
        force_exclude: bool,
        respect_gitignore: bool,
        **values: object,
    ) -> int:
        code: int = command(files=FileArguments(paths, exclude, force_exclude, respect_gitignore), **values)
        return code

    for option in reversed(_FILE_OPTIONS):
        run = option(run)
    return cast("Command", run)


_FILE_OPTIONS = (
    click.argument(
        "paths", nargs=-1, required=True, metavar="PATH...", callback=local_paths, shell_complete=complete_files
    ),
    click.option(
        "--exclude",
        multiple=True,
        callback=_patterns,
        metavar="PATTERN",
        help="Leave out files and folders that match, as in .gitignore; adds to `exclude` of the project.",
    ),
    click.option(
        "--force-exclude", is_flag=True, help="Leave them out also when they are named, as hooks name every file."
    ),
    click.option(
        "--respect-gitignore/--no-respect-gitignore",
        default=True,
        show_default=True,
        help="Leave out files in folders that a .gitignore lists.",
    ),
)

format_of_output = click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Output format.",
)  # fmt: skip

pointer = click.option(
    "--pointer", default="", callback=json_pointer, metavar="POINTER",
    help="JSON Pointer of the payload in each document; * is every item of an array, a string is opened as JSON.",
)  # fmt: skip

quiet = click.option("--quiet", "-q", is_flag=True, help="Print violations and errors, but nothing else.")

allow_empty = click.option("--allow-empty", is_flag=True, help="Do not fail when no payload was found.")


def limits(command: Command) -> Command:
    """Give a command `--max-depth` and `--max-length`; it gets them as `limits`."""

    @wraps(command)
    def run(*, max_depth: int, max_length: int, **values: object) -> int:
        code: int = command(limits=Limits(max_depth, max_length), **values)
        return code

    depth = click.option(
        "--max-depth", type=click.IntRange(1, MAX_DEPTH), default=DEFAULT_LIMITS.depth, show_default=True,
        metavar="LEVELS", help="Maximum nesting of a document.",
    )  # fmt: skip
    length = click.option(
        "--max-length", type=click.IntRange(1), default=DEFAULT_LIMITS.length, show_default=True, metavar="BYTES",
        help="Maximum length of a document or line.",
    )  # fmt: skip
    return cast("Command", depth(length(run)))
