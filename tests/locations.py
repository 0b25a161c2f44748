"""The folders that tests read."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
FIXTURES = ROOT / "fixtures"
SHARED = ROOT.parent / "shared"
"""The facts about the vendor, beside the checkout in CI; tests that need it are skipped elsewhere."""
