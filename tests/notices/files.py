"""Real notices, where they stand beside the project, and the project's own sample: tests of bytes walk over all."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"
SAMPLE = ROOT / "notices" / "samples" / "framework-release.json"
SCHEMA = SHARED / "ocds" / "release-package-schema.json"
NOTICES = [
    file
    for file in [SAMPLE, SHARED / "notices" / "framework-release.json", *sorted(SHARED.glob("ocds/examples/*.json"))]
    if file.exists()
]


def named(file: Path) -> str:
    return file.stem
