"""`python -m tcspec`: the command line."""

from tcspec.cli import main

if __name__ == "__main__":
    main()
