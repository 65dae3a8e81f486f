"""The time cases of other projects, as far as they concern dates."""

from pathlib import Path


def run_cases(data: Path, runs: Path) -> None:
    """Print the pass rates."""
