"""Screens and widgets, drawn by Flet. Never imports the server."""
