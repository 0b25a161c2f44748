"""`tcspec validate`: do the payloads of files meet their contract and the size limits?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tcspec.cli.check import check_options
from tcspec.cli.check_runs import run_check
from tcspec.contract.engines import ENGINES

if TYPE_CHECKING:
    from tcspec.cli.named_files import FileArguments


@click.command(short_help="Check payloads against their contract only.")
@check_options
@click.option(
    "--engine", type=click.Choice(list(ENGINES)), default="fast", show_default=True, help="Validation engine."
)
def validate(files: FileArguments, **values: Any) -> int:  # noqa: ANN401 - the options of the command
    """Check payloads against the published schema of their kind and version and the size limits, without the rules.

    It is `tcspec check` without what is legal and still not wanted; see there for what a PATH may be and how a project
    is configured. The engines find the same: `fast` is jsonschema-rs, `reference` is jsonschema.
    """
    return run_check(files, rules=False, **values)
