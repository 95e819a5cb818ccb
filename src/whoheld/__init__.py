"""whoheld: who held each place, when, and who says so."""

__version__ = "0.1.0"
