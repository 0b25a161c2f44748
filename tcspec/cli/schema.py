"""`tcspec schema`: the published schemas, printed, written anew, compared with the models or with other versions."""

from __future__ import annotations

from pathlib import Path

import click

from tcspec.cli.exits import Exit
from tcspec.cli.terminal import print_error, write
from tcspec.contract.schemas import schema_folder
from tcspec.errors import UnknownKind
from tcspec.files.atomic import write_file
from tcspec.files.lines import wrap_os_errors
from tcspec.kinds import KINDS, version_of

CATALOGUE = "catalog"
REPORT = "report"
_BESIDE = {CATALOGUE: "catalog.json", REPORT: "report/1.0.json", "report/1.0": "report/1.0.json"}
"""What is published beside the schemas of payloads."""
_PUBLISHED = "published"
_FORMATS = ("text", "json")


@click.command(short_help="Print a published schema, or compare two.")
@click.argument("name", required=False, metavar="[KIND[/VERSION]]")
@click.option("--write", "target", metavar="DIR", help="Write the schemas of the models to a folder.")
@click.option(
    "--check", "checked", is_flag=False, flag_value=_PUBLISHED, metavar="[DIR]",
    help="Compare the schemas of a folder, by default the published ones, with the models.",
)  # fmt: skip
@click.option(
    "--compare", "compared", nargs=2, metavar="OLD NEW",
    help="Tell whether a new schema is identical to an old one, wider, narrower, incomparable or unknown, with a"
    " payload for each difference. Each is a file or the name of a published schema, or both are folders.",
)  # fmt: skip
@click.option("--format", "form", type=click.Choice(_FORMATS), help="How --compare tells it.")
def schema(
    name: str | None, target: str | None, checked: str | None, compared: tuple[str, str] | None, form: str | None
) -> int:
    """Print a published JSON Schema, the newest version of its kind by default, or `catalog`.

    `report` is the schema of what `tcspec validate --format json` writes.

    Without a name, list what there is.

    --compare ends with 0 only when it is proved that the new schema takes all that the old one took: it is identical,
    wider, or unknown between these two. Nothing is fetched.
    """
    if sum(given is not None for given in (name, target, checked, compared)) > 1:
        raise click.UsageError("a name, --write, --check and --compare exclude each other")
    if form is not None and compared is None:
        raise click.UsageError("--format goes with --compare")
    if compared is not None:
        from tcspec.cli.comparing import compare  # noqa: PLC0415 - only this needs what compares and compiles

        return compare(*compared, form or _FORMATS[0], _text)
    if target is not None:
        return _write(Path(target))
    if checked is not None:
        return _check(schema_folder() if checked == _PUBLISHED else Path(checked))
    write("".join(f"{each}\n" for each in _names()) if name is None else _text(name))
    return Exit.FINE


def _names() -> list[str]:
    return [
        *(f"{kind.name}/{version.name}" for kind in KINDS.values() for version in kind.versions),
        CATALOGUE,
        REPORT,
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

    with wrap_os_errors(str(directory)):
        stale = publishing.find_drift(directory)
        for path in stale:
            (directory / path).parent.mkdir(parents=True, exist_ok=True)
    texts = publishing.build_files()
    for path in stale:
        write_file(str(directory / path), texts[path].encode())
        print_error(f"wrote {directory / path}")
    if not stale:
        print_error(f"{directory} is up to date")
    return Exit.FINE


def _check(directory: Path) -> int:
    from tcspec.models import publishing  # noqa: PLC0415 - as above

    stale = publishing.find_drift(directory)
    for path in stale:
        write(f"{directory / path}\n")
    print_error(
        f"{len(stale)} of {len(publishing.build_files())} files differ from the models (run `tcspec schema --write`)"
        if stale
        else f"{directory} is up to date"
    )
    return Exit.FOUND if stale else Exit.FINE
