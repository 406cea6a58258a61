"""`python -m bot` is `hasten`."""

from bot.cli import main

main()
