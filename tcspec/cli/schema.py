"""`tcspec schema`: print the published schemas, write or check them, and compare two versions."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from tcspec.cli import options
from tcspec.cli.exits import Exit
from tcspec.cli.terminal import print_error, use_utf8, write, write_data
from tcspec.contract.schemas import schema_folder
from tcspec.errors import UnknownKind
from tcspec.files.atomic import write_file
from tcspec.files.lines import FileError, describe_os_error, wrap_os_errors
from tcspec.kinds import KINDS, version_of

CATALOGUE = "catalog"
_REPORTS = ("report", "migration-report")
_BESIDE = {CATALOGUE: "catalog.json"} | {
    name: f"{report}/1.0.json" for report in _REPORTS for name in (report, f"{report}/1.0")
}
"""What is published beside the schemas of payloads: the file by each of its names."""
_PUBLISHED = "published"
_FORMATS = ("text", "json")


@click.command(short_help="Print a published schema, or compare two.")
@click.argument(
    "name", required=False, metavar="[KIND[/VERSION]]", shell_complete=options.complete_names(lambda: [*_names()])
)
@options.file_option("--write", "target", metavar="DIR", help="Write the schemas of the models to a folder.")
@options.file_option(
    "--check", "checked", is_flag=False, flag_value=_PUBLISHED, metavar="[DIR]",
    help="Compare the schemas of a folder, by default the published ones, with the models.",
)  # fmt: skip
@click.option(
    "--compare", "compared", nargs=2, metavar="OLD NEW", shell_complete=options.complete_files,
    help="Check whether a new schema accepts everything that an old one accepts: identical, compatible, breaking (with"
    " a payload), or unknown. Each is a file or the name of a published schema, or both are folders.",
)  # fmt: skip
@click.option("--format", "output_format", type=click.Choice(_FORMATS), help="Output format of --compare.")
def schema(
    name: str | None,
    target: str | None,
    checked: str | None,
    compared: tuple[str, str] | None,
    output_format: str | None,
) -> int:
    """Print a published JSON Schema, the newest version of its kind by default, or `catalog`.

    `report` is the schema of the output of `tcspec check --format json`, `migration-report` that of
    `tcspec migrate --report`.

    Without a name, list all names.

    --compare exits with 0 only if the new schema provably accepts everything that the old one accepts: identical or
    compatible. No reference is ever fetched.
    """
    if sum(value is not None for value in (name, target, checked, compared)) > 1:
        raise click.UsageError("a name, --write, --check and --compare exclude each other")
    if output_format is not None and compared is None:
        raise click.UsageError("--format needs --compare")
    if compared is not None:
        from tcspec.cli.schema_comparison import compare_schemas  # noqa: PLC0415 - it imports a schema engine

        return compare_schemas(*compared, output_format or _FORMATS[0], _text)
    if target is not None:
        return _write(Path(target))
    if checked is not None:
        return _check(schema_folder() if checked == _PUBLISHED else Path(checked))
    use_utf8()
    write_data("".join(f"{each}\n" for each in _names()) if name is None else _text(name))
    return Exit.FINE


def _names() -> list[str]:
    return [
        *(f"{kind.name}/{version.name}" for kind in KINDS.values() for version in kind.versions),
        CATALOGUE,
        *_REPORTS,
    ]


def _text(name: str) -> str:
    if name in _BESIDE:
        path = _BESIDE[name]
    else:
        kind, slash, version = name.partition("/")
        try:
            path = version_of(kind, version if slash else None).schema
        except UnknownKind:
            raise UnknownKind(name, tuple(_names())) from None
    return (schema_folder() / path).read_text(encoding="utf-8")


def _write(directory: Path) -> int:
    from tcspec.models import publishing  # noqa: PLC0415 - pydantic is for those who change the models

    stale, texts = _find_stale(directory), publishing.build_files()
    for path in stale:
        folder = (directory / path).parent
        with wrap_os_errors(str(folder)):
            folder.mkdir(parents=True, exist_ok=True)
        write_file(str(directory / path), texts[path].encode())
        print_error(f"wrote {directory / path}")
    if not stale:
        print_error(f"{directory} is up to date")
    return Exit.FINE


def _check(directory: Path) -> int:
    from tcspec.models import publishing  # noqa: PLC0415 - as above

    stale = _find_stale(directory)
    for path in stale:
        write(f"{directory / path}\n")
    remedy = f"run `tcspec schema --write {shlex.quote(str(directory))}`"
    print_error(
        f"{len(stale)} of {len(publishing.build_files())} files differ from the models ({remedy})"
        if stale
        else f"{directory} is up to date"
    )
    return Exit.FOUND if stale else Exit.FINE


def _find_stale(directory: Path) -> list[str]:
    from tcspec.models import publishing  # noqa: PLC0415 - as above

    with wrap_os_errors(str(directory)):
        if directory.exists() and not directory.is_dir():
            raise FileError(str(directory), "Not a directory")
        try:
            return publishing.find_drift(directory)
        except OSError as error:  # of a file in the folder
            raise FileError(error.filename or str(directory), describe_os_error(error)) from None
