"""`python -m whoheld` is `whoheld`."""

from whoheld.cli import main

if __name__ == "__main__":
    main()
