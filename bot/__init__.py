"""The bot: what we do about a command, what we remember of it, and what we say."""
