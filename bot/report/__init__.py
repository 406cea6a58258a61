"""Every sentence the bot says: scorecards and decisions into Markdown. Pure."""
