"""House rules as a program; `make lint` runs them after the ready-made tools."""
