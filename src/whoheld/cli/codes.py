"""Exit codes of the command line; what each means stands in the docstring of `whoheld.cli`."""

OTHER, USAGE, SOME_UNREAD, NO_PLACE, NO_LEDGER, INTERRUPTED, BROKEN_PIPE = 1, 2, 3, 4, 5, 130, 141
