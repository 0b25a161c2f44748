"""Work whose cost must grow as its input does, and no faster."""

from __future__ import annotations

from workloads import calls, payloads, texts

WORKLOADS = {**payloads.WORKLOADS, **texts.WORKLOADS, **calls.WORKLOADS}
"""All of it by its name."""
