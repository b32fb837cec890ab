"""What `make` asks before it installs anything; runs on the system's Python with nothing but the standard library."""

from __future__ import annotations

import sys


def main() -> int:
    if sys.version_info < (3, 11):
        version = ".".join(str(part) for part in sys.version_info[:3])
        print(
            f"error: Python is {version}, groundplan needs 3.11 or newer\n"
            "hint: install it, or name one: make PYTHON=python3.12 setup",
            file=sys.stderr,
        )
        return 1
    from tooling.errors import ToolError
    from tooling.terraform.binary import find_terraform

    try:
        find_terraform()
    except ToolError as error:
        print(f"error: {error}\nhint: {error.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
