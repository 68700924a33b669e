"""Runs the scripts' own tests, tests/js, with the Node.js that the browser driver brings: no other one is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

TESTS = sorted(str(path) for path in (Path(__file__).parent / "js").glob("*.test.js"))


def main() -> int:
    if not TESTS:
        sys.exit("tests/js holds no test")
    node = compute_driver_executable()[0]
    return subprocess.run([node, "--test", *TESTS], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
