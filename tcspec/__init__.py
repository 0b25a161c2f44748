"""Validate Commanders Act tracking payloads, and upgrade legacy ones without losing a byte."""

from importlib import import_module
from pathlib import Path

__version__ = "0.1.0"


def _read_public_names() -> dict[str, str]:
    """Return the public names with their modules, as the stub beside this file lists them for type checkers."""
    lines = Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8").splitlines()
    imports = (line.split() for line in lines if line.startswith("from "))
    return {words[-1]: words[1] for words in imports}


_MODULES = _read_public_names()

__all__ = ["__version__", *_MODULES]  # noqa: PLE0604 - the names of the stub


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that importing tcspec costs next to nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
