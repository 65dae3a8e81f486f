"""What every test may use: where things lie. Fixtures live here and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("DRAGOMAN_SHARED", ROOT.parent / "shared"))
EXAMPLES = ROOT / "examples"
