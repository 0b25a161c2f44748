"""Work whose cost must grow linearly with its input."""

from __future__ import annotations

from lab.costs.workloads import fixtures, payloads, requests, rules, texts

WORKLOADS = {**payloads.WORKLOADS, **texts.WORKLOADS, **requests.WORKLOADS, **rules.WORKLOADS, **fixtures.WORKLOADS}
"""All workloads by name."""
