"""How well the tests would notice a change of the code: mutmut, and what it found."""
