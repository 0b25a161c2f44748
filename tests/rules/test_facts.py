"""Facts about a payload: found when they are needed, and kept."""

from __future__ import annotations

from tcspec.rules.facts import fact


class Counted:
    """An object with a fact, which counts how often it is looked for."""

    def __init__(self):
        self.count = 0

    @fact
    def number(self):
        """Return how often it was looked for."""
        self.count += 1
        return self.count


def test_found_once():
    """A fact is found when it is first needed, and then is an attribute of its object."""
    counted = Counted()
    assert vars(counted) == {"count": 0}
    assert (counted.number, counted.number) == (1, 1)
    assert vars(counted) == {"count": 1, "number": 1}


def test_of_the_class():
    """The class has the fact itself, with the docstring of the method."""
    assert isinstance(Counted.number, fact)
    assert Counted.number.__doc__ == "Return how often it was looked for."
