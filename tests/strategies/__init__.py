"""Payloads drawn for the laws: written by hand from the facts, not derived from models or schemas."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

LAW = settings(
    max_examples=max(150, settings.default.max_examples), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
"""How hard a law is tried: a few seconds each, on a machine that may be busy."""
