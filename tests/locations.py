"""Where the tests find what they read."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).parent
ROOT = TESTS.parent
FIXTURES = ROOT / "fixtures"
SHARED = ROOT.parent / "shared"
"""What CI has beside the checkout and a user of the project has not."""
