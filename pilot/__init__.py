"""The pilot on one machine: three projects, a GitLab stand-in, the story that runs them."""
