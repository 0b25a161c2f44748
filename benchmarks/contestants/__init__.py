"""The tools that do the same work as tcspec."""
