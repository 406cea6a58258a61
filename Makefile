# Everything a person types. Each target makes what it needs; nothing is installed outside this folder.
.PHONY: install demo test check fix bench lock clean
PYTHON ?= python3
PY := .venv/bin/python

install: .venv/.installed  ## a virtual environment in .venv with `hasten` in it

.venv/.installed: requirements.lock pyproject.toml scripts/install
	@PYTHON=$(PYTHON) sh scripts/install

demo: install  ## the whole story on this machine; KEEP=1 leaves everything running
	@$(PY) -m pilot.story $(if $(KEEP),--keep)

test: install  ## all tests; what this machine cannot do is skipped with one line
	@$(PY) -m pytest -q

check: install  ## format, lint, types, floors
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

fix: install  ## what the tools can mend by themselves
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .

bench: install  ## figures with sample counts, intervals, clock and machine (<= 20 minutes)
	@$(PY) -m bench.ack
	@$(PY) -m bench.comparator
	@$(PY) -m bench.judge
	@$(PY) -m bench.mutants
	@$(PY) -m bench.pilot

lock:  ## resolve the versions again (needs `uv` on the PATH)
	uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	  --no-emit-find-links --no-header --no-annotate --upgrade -q -o requirements.lock

clean:
	rm -rf .venv .demo build *.egg-info
