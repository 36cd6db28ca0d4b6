"""The command ``procdef``, also run as ``python -m procdef``."""

import gc
import sys

# A command imports a lot and leaves few cycles: looking for them every 700 objects takes a tenth of a short run.
_OBJECTS = 100_000


def main() -> None:
    """Run procdef with the arguments of the process and leave with its exit code."""
    gc.set_threshold(_OBJECTS)
    try:
        from procdef.cli import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules are imported, when nothing was begun yet, or while leaving
        code = 130
    raise SystemExit(code)


if __name__ == "__main__":
    main()
