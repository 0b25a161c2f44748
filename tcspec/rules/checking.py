"""Check a payload in every way at once: contract, size and rules, as the project's configuration asks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from tcspec.arguments import check_arguments, check_strings
from tcspec.contract.counting import ViolationCounter
from tcspec.contract.engines import FAST
from tcspec.errors import UnreadablePayload, Violation, WrongArgument
from tcspec.json_types import type_name
from tcspec.jsontext.reader import DEFAULT_LIMITS, Limits
from tcspec.payload import read_payload
from tcspec.rules.config import Config
from tcspec.rules.linting import ALL_CODES, check_names, select_codes
from tcspec.rules.linting import find_violations as find_rule_violations
from tcspec.rules.project import load_config
from tcspec.rules.settings import Settings
from tcspec.rules.streams.stream_checker import StreamChecker
from tcspec.validation import find_violations

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from tcspec.payload import Payload


@check_arguments(limits=(Limits,))
def check(  # noqa: PLR0913 - the public contract
    payload: object,
    kind: str | None = None,
    version: str | None = None,
    *,
    config: Config | str | PathLike[str] | None = None,
    select: str | Iterable[str] = (),
    ignore: str | Iterable[str] = (),
    sender: str | None = None,
    with_fixes: bool = True,
    limits: Limits = DEFAULT_LIMITS,
    now: int | None = None,
) -> list[Violation]:
    """Return everything that is wrong with a payload, by its contract, its size and the rules, as a project asks.

    It is what `tcspec check` reports of a file that holds the payload and nothing else. Unreadable documents are always
    reported.

    `config` is the configuration of a project, or the path of its `tcspec.toml` or `pyproject.toml`; by default the
    nearest of these from the working directory upwards, and without one everything is reported as it is. The other
    arguments are those of `lint`, but that the version is that of `validate`; `kind`, `select`, `ignore` and `sender`
    win over the configuration.

    Returns:
        The violations in the order of their pointers, with the severities that the configuration gives them.

    Raises:
        UnknownKind: when tcspec knows no such kind, version or sender, or no code begins with a prefix.
        WrongArgument: when the payload is of a Python type that holds none, or the configuration of another type.
        FileError: when the configuration cannot be read, or something in it makes no sense.
    """
    check_names(kind, version, sender)
    select, ignore = check_strings("select", select), check_strings("ignore", ignore)
    # Only to refuse a prefix with which no code begins.
    select_codes(select, ignore)
    requested = Settings(select=select, ignore=ignore, sender=sender, kind=kind)
    settings = _config(config).settings_for(None, requested)
    try:
        read = read_payload(payload, settings.kind, limits=limits)
    except UnreadablePayload as unreadable:
        violations = list(unreadable.violations)
    else:
        violations = check_payload(
            read,
            StreamChecker(),
            version=version,
            sender=settings.sender,
            with_fixes=with_fixes,
            now=now,
            limit=limits.violations,
        )
    reported = (settings.apply_severity(violation) for violation in violations if settings.selects(violation.code))
    return [violation for violation in reported if violation is not None]


def check_payload(  # noqa: PLR0913 - the two callers need them
    payload: Payload,
    stream: StreamChecker,
    *,
    version: str | None = None,
    engine: str = FAST,
    sender: str | None = None,
    with_fixes: bool = True,
    line: int = 1,
    now: int | None = None,
    limit: int | None = DEFAULT_LIMITS.violations,
) -> list[Violation]:
    """Return everything that is wrong with a payload that was read, whatever a project asks, in order and with lines.

    `stream` has seen the payloads that came before in the same file, of which this one begins on a line. `limit` of the
    violations of a code are listed.
    """
    of_contract = find_violations(payload, version, engine=engine, limit=limit)
    if not with_fixes:
        of_contract = [replace(each, fix=None) for each in of_contract]
    # Rules on files go by what an event shows; where that is not in question, they share what is known about it.
    watch = partial(stream.check_context, line) if version is None else None
    found = [
        *of_contract,
        *find_rule_violations(payload, version, ALL_CODES, sender, now, limit, with_fixes=with_fixes, watch=watch),
    ]
    if watch is None:
        of_stream = ViolationCounter(limit)
        found += of_stream.with_remainders(of_stream.filter(stream.find_violations(payload, line)))
    return payload.arrange(found)


def _config(config: Config | str | PathLike[str] | None) -> Config:
    if config is None:
        return load_config()
    if isinstance(config, Config):
        return config
    # Imported here: most calls name no file.
    from pathlib import Path  # noqa: PLC0415

    from tcspec.rules.config_files import read_config_file  # noqa: PLC0415

    try:
        path = Path(config)
    except TypeError:
        raise WrongArgument("the configuration as a Config or a path", type_name(config)) from None
    return read_config_file(path)
