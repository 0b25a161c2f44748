"""Facts about a payload: found when they are needed, and kept."""

from __future__ import annotations

import pytest

from tcspec.rules.facts import fact


@pytest.fixture
def counted():
    """Return a class with a fact, which counts how often it is looked for."""

    class Counted:
        """An object that counts how often its fact is looked for."""

        def __init__(self):
            self.count = 0

        @fact
        def number(self):
            """Return how often it was looked for."""
            self.count += 1
            return self.count

    return Counted


def test_found_once(counted):
    """A fact is found when it is first needed, and then is an attribute of its object."""
    one = counted()
    assert vars(one) == {"count": 0}
    assert (one.number, one.number) == (1, 1)
    assert vars(one) == {"count": 1, "number": 1}


def test_of_the_class(counted):
    """The class has the fact itself, with the docstring of the method."""
    assert isinstance(counted.number, fact)
    assert counted.number.__doc__ == "Return how often it was looked for."
