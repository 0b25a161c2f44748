"""Payloads drawn for the laws: written by hand from the facts, not derived from models or schemas."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_HALF_AS_MANY_AGAIN = 3 / 2

LAW = settings(
    max_examples=int(settings.default.max_examples * _HALF_AS_MANY_AGAIN),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
"""How hard a law is tried: a few seconds each, on a machine that may be busy."""
