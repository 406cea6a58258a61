"""Is it really faster: processes under a clock from outside, and what their samples support."""
