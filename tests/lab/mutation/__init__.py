"""Mutation testing: mutmut, and its results."""
