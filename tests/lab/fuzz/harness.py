"""Run under libFuzzer in a process of its own: a target gets inputs until one fails or a limit is reached."""

from __future__ import annotations

import sys

import atheris

# Coverage guides the fuzzer, so tcspec must be imported under instrumentation.
with atheris.instrument_imports(include=["tcspec", "json"]):
    from lab.fuzz.targets import TARGETS, faulty


def main(name, arguments):
    """Warm up, and hand over to libFuzzer, which ends the process."""
    target = {**TARGETS, "faulty": faulty}[name]
    target(b'{"event": "login", "properties": {"user": {"id": "1"}}, "page": {"location": "x"}}')
    atheris.Setup([sys.argv[0], *arguments], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
