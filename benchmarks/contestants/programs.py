"""What Python libraries do with a file of events: `python -m benchmarks.contestants.programs NAME SOURCE TARGET`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Work = Callable[[bytes], bytes]

VALID, INVALID = b"1\n", b"0\n"


def copy() -> Work:
    """Copy lines."""
    return lambda line: line


def floor() -> Work:
    """Parse and write JSON with the fastest library."""
    import orjson

    return lambda line: orjson.dumps(orjson.loads(line)) + b"\n"


def upgrade_json() -> Work:
    """Upgrade with tcspec, without a verdict."""
    import tcspec

    return lambda line: tcspec.upgrade_json(line[:-1]) + b"\n"


def transform() -> Work:
    """Upgrade with a function on dicts."""
    import orjson

    from benchmarks.contestants.transform import transform

    return lambda line: orjson.dumps(transform(orjson.loads(line))) + b"\n"


def transform_checked() -> Work:
    """Upgrade with a function on dicts, and validate the result with jsonschema-rs."""
    import orjson

    from benchmarks.contestants.transform import transform

    is_valid = _build_validator()

    def work(line: bytes) -> bytes:
        event = transform(orjson.loads(line))
        if not is_valid(event):
            raise ValueError(line)
        return orjson.dumps(event) + b"\n"

    return work


def transform_models() -> Work:
    """Upgrade with a function on dicts, and build the pydantic model of the result."""
    import orjson

    from benchmarks.contestants.transform import transform

    read = _build_model_reader()

    def work(line: bytes) -> bytes:
        event = transform(orjson.loads(line))
        read(event)
        return orjson.dumps(event) + b"\n"

    return work


def loads() -> Work:
    """Parse with the fastest library, which is no verdict."""
    import orjson

    return _judge(orjson.loads, orjson.JSONDecodeError)


def is_valid() -> Work:
    """Validate with tcspec."""
    from tcspec import is_valid

    return lambda line: VALID if is_valid(line[:-1]) else INVALID


def jsonschema_rs() -> Work:
    """Validate with jsonschema-rs and the published schema."""
    import orjson

    is_valid = _build_validator()

    def judge(line: bytes) -> None:
        if not is_valid(orjson.loads(line)):
            raise ValueError

    return _judge(judge, ValueError)


def fastjsonschema() -> Work:
    """Validate with fastjsonschema and the published schema."""
    import fastjsonschema
    import orjson

    import tcspec

    validate = fastjsonschema.compile(tcspec.json_schema("event"), use_formats=False)
    errors = (fastjsonschema.JsonSchemaValueException, orjson.JSONDecodeError)
    return _judge(lambda line: validate(orjson.loads(line)), *errors)


def jsonschema() -> Work:
    """Validate with jsonschema and the published schema."""
    import orjson
    from jsonschema import Draft202012Validator

    import tcspec

    validator = Draft202012Validator(tcspec.json_schema("event"))

    def judge(line: bytes) -> None:
        if not validator.is_valid(orjson.loads(line)):
            raise ValueError

    return _judge(judge, ValueError)


def models() -> Work:
    """Validate by building the pydantic model of the event."""
    import orjson

    read = _build_model_reader()
    return _judge(lambda line: read(orjson.loads(line)), ValueError)


def duckdb(source: str, target: str) -> None:
    """Upgrade with SQL."""
    import duckdb

    query = Path(__file__).with_name("upgrade.sql").read_text(encoding="utf-8")
    connection = duckdb.connect(config={"threads": 1, "preserve_insertion_order": True})
    connection.execute(query.replace("$source", f"'{source}'").replace("$target", f"'{target}'"))


def _judge(function: Callable[[bytes], object], *errors: type[Exception]) -> Work:
    def work(line: bytes) -> bytes:
        try:
            function(line)
        except errors:
            return INVALID
        return VALID

    return work


def _build_validator() -> Callable[[object], bool]:
    import jsonschema_rs

    import tcspec

    return jsonschema_rs.validator_for(tcspec.json_schema("event"), offline=True).is_valid


def _build_model_reader() -> Callable[[object], object]:
    from tcspec.models.events import event_class

    return lambda event: event_class(event.get("event_name")).model_validate(event)


PROGRAMS: dict[str, Callable[[], Work]] = {
    each.__name__: each
    for each in (
        *(copy, floor, upgrade_json, transform, transform_checked, transform_models),
        *(loads, is_valid, jsonschema_rs, fastjsonschema, jsonschema, models),
    )
}
"""Every program that works line by line, by its name."""


def _iter_results(name: str, lines: Iterator[bytes]) -> Iterator[bytes]:
    return map(PROGRAMS[name](), lines)


if __name__ == "__main__":
    _, program, source, target = sys.argv
    if program == "duckdb":
        duckdb(source, target)
    else:
        with open(source, "rb", 1 << 17) as lines, open(target, "wb", 1 << 17) as results:  # noqa: PTH123 - with buffers
            results.writelines(_iter_results(program, lines))
