"""Run under libFuzzer, in a process of its own: a target is given inputs until one fails or the bounds are met."""

from __future__ import annotations

import importlib
import sys

import atheris

TARGETS = {
    "upgrade_json": ("lab.fuzz.targets", "upgrade"),
    "validate": ("lab.fuzz.targets", "judge"),
    "read_pixel": ("lab.fuzz.targets", "pixels"),
    "captures": ("lab.fuzz.targets", "captures"),
    "lines": ("lab.fuzz.reading", "read"),
    "planted": ("lab.fuzz.targets", "broken"),
}


def main(name, arguments):
    """Instrument what is imported from here on, warm up, and hand over to libFuzzer, which ends the process."""
    module, function = TARGETS[name]
    with atheris.instrument_imports(include=["tcspec", "json"]):
        target = getattr(importlib.import_module(module), function)
    target(b'{"event": "login", "properties": {"user": {"id": "1"}}, "page": {"location": "x"}}')
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
