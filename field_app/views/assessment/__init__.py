"""Kartoitus: needs area by area, the worker's estimate beside the client's own."""
