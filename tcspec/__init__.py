"""Validate Commanders Act tracking payloads, and upgrade legacy ones without losing a byte."""

__version__ = "0.1.0"


def read_public_names(package: str) -> dict[str, str]:
    """Return the public names of a package with their modules, as the stub beside it lists them for type checkers."""
    # Neither pathlib nor importlib is imported for this: both take longer than everything else here.
    with open(f"{package.rpartition('.')[0]}.pyi", encoding="utf-8") as stub:  # noqa: PTH123
        imports = [line.split() for line in stub if line.startswith("from ")]
    return {words[-1]: words[1] for words in imports}


_MODULES = read_public_names(__file__)

__all__ = ["__version__", *_MODULES]  # noqa: PLE0604 - the names of the stub


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that importing tcspec costs next to nothing."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - as above

    # Kept, so that Python asks here once: it takes as long as to read an event.
    globals()[name] = value = getattr(import_module(_MODULES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
