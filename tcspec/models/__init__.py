"""Every payload as a typed pydantic model; the published schemas are generated from the models.

`from tcspec.models import Purchase, User, Item, Product, Context`: every name is here.
"""

from importlib import import_module

from tcspec import read_public_names

MODULES = read_public_names(__file__)
"""The modules of the models by their names."""

__all__ = list(MODULES)


def __getattr__(name: str) -> object:
    """Import a model when it is first used: the modules of the others are not needed to build it."""
    if name not in MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(MODULES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
