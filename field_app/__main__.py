"""`python -m field_app` is `field-app`."""

from field_app.cli import main

main()
