"""One file a command, each a function that returns an exit code. They build the adapters."""
