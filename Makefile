# `make run` and `make test` need Python 3.11 or newer and nothing else; the rest is for developers (CONTRIBUTING.md).

RECENT := -c 'import sys; sys.exit(sys.version_info < (3, 11))'
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do $$p $(RECENT) 2>/dev/null && echo $$p && break; done)
VENV ?= .venv
PORT ?= 8000
DATA ?= data
ARGS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Japanese text whatever the locale of the terminal says.
export PYTHONUTF8 := 1
# What has been compiled is kept, whatever the shell says: the portal is five processes, its tests some hundred.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test faults check bench format lock clean

help:
	@echo "make run [PORT=8000] [DATA=data]  ポータルを起動する（初回は部品を入れるので1分ほど）"
	@echo "make test [ARGS=…]                テストをすべて実行する（SQLite と PostgreSQL）"
	@echo "make faults                       催促を壊して試す（2,000通・強制終了20回など。数分かかる）"
	@echo "make check                        書式・型・設定を確かめる"
	@echo "make bench [ARGS=--quick]         画面とファイルの出し入れにかかる時間を測る"
	@echo "make format                       書式を整える"
	@echo "make lock                         requirements/*.txt を作り直す"
	@echo "make clean                        .venv を消す（データは消さない）"

# --- the two commands --------------------------------------------------------------------------------------------
# Tied to make, so that nothing stays behind however make ends.
run: $(VENV)/.installed
	@exec $(BIN)/python -m otaki_dx.tether $$PPID $(BIN)/python manage.py portal --port "$(PORT)" --data "$(DATA)" $(ARGS)

# One pytest, three workers: gw0 has SQLite, gw1 a real PostgreSQL, gw2 what asks neither (tests/servers.py).
WORKERS := --dist=each $(foreach database,sqlite postgresql none,--tx=popen//env:TEST_DATABASE=$(database))

test: $(VENV)/.installed-for-tests
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m tests.libreoffice
	@$(BIN)/python -m pytest $(WORKERS) $(ARGS)

# The reminders under faults, in full; a short form of the same runs in `make test`.
faults: $(VENV)/.installed-for-tests
	@FAULTS=full $(BIN)/python -m pytest -m faults -s -p no:logging $(WORKERS) $(ARGS)

# --- for developers ------------------------------------------------------------------------------------------------
TEMPLATES = $(shell git ls-files --cached --others --exclude-standard -- 'templates/*.html' 2>/dev/null)

# The warning: a fresh clone has no database yet, so its history cannot be compared.
check: $(VENV)/.installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@echo djade --check; $(BIN)/djade --check $(TEMPLATES)
	$(BIN)/mypy
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	PORTAL_PRODUCTION=1 PORTAL_ALLOWED_HOSTS=dx.town.example PORTAL_URL=https://dx.town.example \
		PORTAL_SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

# Figures of this machine, as multiples of a bare page or a bare loop in the same run (bench/README.md).
bench: $(VENV)/.installed-for-tests
	@$(BIN)/python -m bench.pages $(ARGS)
	@$(BIN)/python -m bench.exchange $(ARGS)

format: $(VENV)/.installed-for-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade $(TEMPLATES)

# --no-header and --no-annotate: a lock file names versions and hashes, never an address.
LOCK := pip compile --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --quiet

lock: $(BIN)/python
	$(PIP) install --quiet uv
	$(BIN)/uv $(LOCK) pyproject.toml -o requirements/prod.txt
	$(BIN)/uv $(LOCK) --extra test -c requirements/prod.txt pyproject.toml -o requirements/test.txt

clean:
	rm -rf $(VENV)

# --- installation: once, and again when the locked requirements change ---------------------------------------------
$(VENV)/.installed: requirements/prod.txt | $(BIN)/python
	@echo "部品を入れています（1分ほど）…"
	@$(PIP) install --quiet --require-hashes -r requirements/prod.txt
	@touch $@

$(VENV)/.installed-for-tests: requirements/test.txt | $(BIN)/python
	@echo "テストの部品を入れています（2分ほど）…"
	@$(PIP) install --quiet --require-hashes -r requirements/test.txt
	@touch $@

$(BIN)/python:
	@$(or $(PYTHON),false) $(RECENT) 2>/dev/null || { echo "Python 3.11 以上が必要です。" \
		"別の場所にあるときは make $(MAKECMDGOALS) PYTHON=/opt/python3.11/bin/python3 のように指定してください。" >&2; exit 1; }
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "仮想環境を作れません。Debian や Ubuntu では、先に apt-get install python3-venv を実行してください。" >&2; exit 1; }
