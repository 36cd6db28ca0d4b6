"""``python -m procdef``."""

from procdef.cli import main

if __name__ == "__main__":
    main()
