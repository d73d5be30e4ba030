# `make demo` runs everything on one machine; `make test` checks it. Both need Python 3.11 or later and nothing else.
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
RUN = .venv/bin/python
PIP = $(RUN) -m pip --disable-pip-version-check -q
# Processes that share the suite; 0 runs it in one.
WORKERS ?= 2
QUICK = not peers and not bench and not scale and not faults
export PYTHONUNBUFFERED = 1

.PHONY: demo demo-peers main-job test suite test-properties test-peers test-faults bench bench-scale lint requirements

demo: .venv/stamp
	@exec $(RUN) manage.py demo

demo-peers: .venv/stamp
	@exec $(RUN) manage.py demo --peers

main-job: .venv/stamp
	$(RUN) -m tests.main_job

test: .venv/stamp
	@.ci/chromium
	@$(RUN) -m tests.server $(MAKE) --no-print-directory suite

# What looks at the clock runs alone, after all else.
suite:
	$(RUN) -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder -m "not alone and $(QUICK)"
	$(RUN) -m pytest -m "alone and $(QUICK)" $$(grep -rl --include='test_*.py' 'mark[.]alone' tests)

# Properties of `make test`, each held to ten times as many examples.
test-properties: .venv/stamp
	TIMES=10 $(RUN) -m pytest $$(grep -rl --include='test_*.py' 'tests[.]examples import' tests)

test-peers: .venv/stamp
	$(RUN) -m pytest -m peers

test-faults: .venv/stamp
	$(RUN) -m pytest -s -m faults tests/faults

bench: .venv/stamp
	$(RUN) -m pytest -q -s -m bench tests/bench

bench-scale: .venv/stamp
	$(RUN) -m pytest -q -s -m scale tests/bench

lint: .venv/stamp
	$(RUN) -m pytest -q tests/ground/test_lint.py

# Pins what requirements.in asks for. The compiler lives in an environment of its own.
requirements:
	$(PYTHON) -m venv var/pip-tools
	var/pip-tools/bin/python -m pip --disable-pip-version-check -q install pip-tools
	var/pip-tools/bin/python -m piptools compile -q --no-annotate --no-emit-find-links --no-emit-index-url \
	    --no-emit-trusted-host --strip-extras --output-file=requirements.txt requirements.in

.venv/stamp: requirements.txt
	@test -n "$(PYTHON)" || { echo "No Python: install Python 3.11 or later, or set PYTHON to its path." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	@test -x $(RUN) || "$(PYTHON)" -m venv .venv || \
	    { echo "No virtual environment could be made (Debian: apt-get install python3-venv)." >&2; rm -rf .venv; exit 1; }
	@echo "Installing what requirements.txt pins"
	$(PIP) install -r requirements.txt
	@cp requirements.txt $@
