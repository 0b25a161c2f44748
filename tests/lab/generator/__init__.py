"""Payloads from a generator that knows only the schemas; it runs in an environment of its own."""
