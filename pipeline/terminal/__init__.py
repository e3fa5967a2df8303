"""How the command line speaks: progress, logs, errors and results."""
