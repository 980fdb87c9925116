"""The fictional organisation and its story: for trying, teaching, screenshots and checks.

Nobody in it exists. Never ships to phones.
"""
