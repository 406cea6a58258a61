"""A stand-in for GitLab: enough of REST v4, git over HTTP and webhooks to run the bot against, on one machine."""
