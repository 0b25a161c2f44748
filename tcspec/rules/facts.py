"""Facts that are found when they are first needed, and then kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

T = TypeVar("T")


class fact(Generic[T]):  # noqa: N801 - it is used as `property` is
    """A property whose value is found once, and kept.

    It is `functools.cached_property` without its lock, which in Python 3.11 takes as long as most facts about a payload
    do. Two threads may both find a fact; they find the same.
    """

    def __init__(self, find: Callable[[Any], T]) -> None:
        """Make a fact of the method that finds it."""
        self._find = find
        self._name = find.__name__
        self.__doc__ = find.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> Self | T:
        """Return the fact about an object, which from now on is an attribute of it."""
        if instance is None:
            return self
        found = instance.__dict__[self._name] = self._find(instance)
        return found
