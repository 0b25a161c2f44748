"""Work whose cost must grow as its input does, and no faster."""

from __future__ import annotations

from lab.costs.workloads import calls, found, payloads, rules, texts

WORKLOADS = {**payloads.WORKLOADS, **texts.WORKLOADS, **calls.WORKLOADS, **rules.WORKLOADS, **found.WORKLOADS}
"""All of it by its name."""
