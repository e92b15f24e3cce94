"""Command line: one module a command, no modelling inside; heavy libraries load inside the commands."""
