"""Widgets that every screen shares. Each takes its texts ready; none reads state of its own."""
