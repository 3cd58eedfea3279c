"""``python -m synthcohort.cli``."""

from synthcohort.cli import main

if __name__ == "__main__":
    main()
