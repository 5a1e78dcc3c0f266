"""`python -m app.cli`, where the `retroduce` command is not on the path."""

from app.cli import main

main()
