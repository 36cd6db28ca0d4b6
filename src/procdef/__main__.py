"""The command ``procdef``, also run as ``python -m procdef``."""

import sys


def main() -> None:
    """Run procdef with the arguments of the process and leave with its exit code."""
    try:
        from procdef.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules are imported, when nothing was begun yet, or while leaving
        code = 130
    raise SystemExit(code)


if __name__ == "__main__":
    main()
