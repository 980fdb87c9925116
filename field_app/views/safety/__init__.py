"""Sync and safety: is my work safe, and what can I do about it?"""
