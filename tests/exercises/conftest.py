"""The exercises' own tests are run by ours, before and after a proposal, and not collected beside them."""

collect_ignore = ["projects"]
