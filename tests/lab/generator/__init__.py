"""Payloads from a generator that only knows the schemas, run in an environment of its own."""
