# Everything a person types. Each target makes what it needs; nothing is installed outside this folder.
.PHONY: install demo test unit check fix bench bench-full lock clean
PYTHON ?= python3
PY := .venv/bin/python

install: .venv/.installed  ## a virtual environment in .venv with `hasten` in it

.venv/.installed: requirements.lock pyproject.toml scripts/install
	@PYTHON=$(PYTHON) sh scripts/install

demo: install  ## the whole story on this machine; KEEP=1 leaves everything running
	@$(PY) -m pilot.story $(if $(KEEP),--keep)

test: install  ## all tests, side by side except for what reads a clock; what this machine cannot do is skipped with one line
	@$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder

unit: install  ## the tests that start nothing, in seconds
	@$(PY) -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m unit

check: install  ## format, lint, types, floors
	@.venv/bin/ruff format --check -q . && .venv/bin/ruff check -q .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

fix: install  ## what the tools can mend by themselves
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .

bench: install  ## figures with sample counts, intervals, clock and machine (<= 20 minutes)
	@$(PY) -m bench.ack
	@$(PY) -m bench.comparator
	@$(PY) -m bench.mutants
	@$(PY) -m bench.overhead
	@$(PY) -m bench.judge --runs 5
	@$(PY) -m bench.decisions fill same 18 six 2 five 9 two 3 --record .bench/smoke.jsonl
	@$(PY) -m bench.pilot
	@$(PY) -m bench.exercises --minutes 3

bench-full: install  ## hours of decisions and exhibits, kept in .bench: stop it, and it goes on where it was
	@$(PY) -m bench.decisions fill same 500 six 300 five 100 two 100
	@$(PY) -m bench.storm
	@$(PY) -m bench.hostile
	@$(PY) -m bench.museum --environment .bench/museum --record .bench/museum.jsonl
	@$(PY) -m bench.exercises

lock:  ## resolve the versions again (needs `uv` on the PATH)
	uv pip compile pyproject.toml --extra dev --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
	  --no-emit-find-links --no-header --no-annotate --upgrade -q -o requirements.lock

clean:
	rm -rf .venv .demo build *.egg-info
