# Everything a person types. Each target makes what it needs; nothing is installed outside this folder.
.PHONY: install demo test check fix bench clean
PY := .venv/bin/python

