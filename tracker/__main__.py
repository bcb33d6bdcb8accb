"""``python -m tracker``."""

from tracker.cli import main

# The worker processes of a site build import this module again.
if __name__ == "__main__":
    main()
