"""The arguments of public functions: one of a wrong type is an error that names it, and no other exception."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import contextmanager
from functools import wraps
from inspect import signature
from types import MappingProxyType, NoneType
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from tcspec.errors import RecursionLimitTooLow, WrongArgument
from tcspec.json_types import type_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
R = TypeVar("R")

_TYPES: MappingProxyType[str, tuple[type, ...]] = MappingProxyType(
    {
        "as_sent": (bool,),
        "engine": (str,),
        "kind": (str, NoneType),
        "method": (str,),
        "now": (int, NoneType),
        "sender": (str, NoneType),
        "site": (str, NoneType),
        "token": (str, NoneType),
        "unit": (str, NoneType),
        "unsafe": (bool,),
        "url": (str,),
        "version": (str, NoneType),
        "with_fixes": (bool,),
    }
)
"""The types of the arguments that mean the same in every function."""

_NAMES: MappingProxyType[type, str] = MappingProxyType(
    {str: "a string", int: "an integer", bool: "a boolean", Iterable: "an iterable", NoneType: "None"}
)


def check_arguments(**own: tuple[type, ...]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Build the decorator of a public function: it checks the types of arguments, and reports a low recursion limit.

    Args:
        own: the types of the arguments that only some functions have. Payloads, and what is none of the table either,
            are checked where they are read.

    Returns:
        A decorator. The function then raises WrongArgument, and RecursionLimitTooLow instead of RecursionError.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        names = tuple(signature(function).parameters)
        types = {name: own.get(name) or _TYPES[name] for name in names if name in own or name in _TYPES}
        # Most calls have nothing but a payload: they cost little more than without this decorator.
        unchecked = next((index for index, name in enumerate(names) if name in types), len(names))

        @wraps(function)
        def checked(*arguments: P.args, **options: P.kwargs) -> R:
            if options or len(arguments) > unchecked:
                for name, value in (*zip(names, arguments, strict=False), *options.items()):
                    if name in types:
                        check_type(name, value, types[name])
            try:
                return function(*arguments, **options)
            except RecursionError:
                raise RecursionLimitTooLow(sys.getrecursionlimit()) from None

        return checked

    return decorate


def check_type(name: str, value: object, types: tuple[type, ...]) -> None:
    """Check that an argument has one of some types; a boolean is no integer.

    Raises:
        WrongArgument: when it has another; the message names the argument, what is expected and what it is.
    """
    # A boolean is an int in Python: as `fold` or `now` it would be taken for 0 or 1.
    if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
        expected = " or ".join(_NAMES.get(each, each.__name__) for each in types)
        raise WrongArgument(f"`{name}` as {expected}", type_name(value))


def check_strings(name: str, value: str | Iterable[str]) -> tuple[str, ...]:
    """Return an argument that is a string, or several, as a tuple of strings.

    Raises:
        WrongArgument: when it is anything else.
    """
    # A string is an iterable too, of its letters: `select="TC4"` would become four prefixes.
    if isinstance(value, str):
        return (value,)
    try:
        strings = tuple(value)
    except TypeError:
        raise WrongArgument(f"`{name}` as a string or strings", type_name(value)) from None
    for each in strings:
        if not isinstance(each, str):
            raise WrongArgument(f"`{name}` as a string or strings", f"{type_name(each)} among them")
    return strings


@contextmanager
def explained_recursion() -> Iterator[None]:
    """Raise an error of tcspec where Python's recursion limit is reached.

    Payloads have at most 300 levels, so that only a low limit, or a call from deep inside another program, reaches it.

    Raises:
        RecursionLimitTooLow: when it is reached.
    """
    try:
        yield
    except RecursionError:
        raise RecursionLimitTooLow(sys.getrecursionlimit()) from None
