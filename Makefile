# One entry for everything. `make demo` and `make test` set up what they need; no third command.

# The first Python that is new enough; a command that merely exists (a pyenv shim) may not run.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.14; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PG_URL ?= postgres:///test
export PYTHONUTF8 := 1

.PHONY: help setup demo run work test test-pg engines lint fmt types imports messages openapi migrations migrated deploy check bench

help: ## 列出这些命令 (this list)
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: ## 建好 .venv (build .venv from uv.lock)
	@$(or $(PYTHON),python3) tools/bootstrap.py

demo: setup ## 装好演示数据并打开 http://127.0.0.1:8000 (populated platform on SQLite)
	@$(BIN)/ronghe demo

run: setup ## 打开自己的平台 (pages and jobs of RONGHE_HOME)
	@$(BIN)/ronghe migrate && $(BIN)/ronghe serve

work: setup ## 只运行后台任务 (jobs only)
	@$(BIN)/ronghe work

test: setup ## 跑测试；ARGS= 传给 pytest (tests on SQLite)
	@$(BIN)/python tools/run_tests.py $(ARGS)

test-pg: setup ## 在 PostgreSQL 上跑测试，库由 PG_URL 指定 (tests on PostgreSQL)
	@RONGHE_DATABASE_URL=$(PG_URL) $(BIN)/python tools/run_tests.py $(ARGS)

engines: ## 三种引擎计分逐行比对，要有 Java (scoring on DuckDB, PostgreSQL and Spark, row by row)
	@$(or $(PYTHON),python3) tools/bootstrap.py engines
	@RONGHE_DATABASE_URL=$(PG_URL) $(BIN)/python -m pytest -q --durations=10 tests/engines $(ARGS)

lint: setup ## 代码和模板的写法 (ruff, djLint)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet src

fmt: setup ## 排版代码 (format)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup ## 类型 (mypy strict)
	$(BIN)/mypy

imports: setup ## 谁可以引用谁 (import contracts)
	$(BIN)/lint-imports

messages: setup ## 收集界面词语并编译目录 (extract and compile the catalogue)
	$(BIN)/python tools/messages.py extract
	$(BIN)/python tools/messages.py compile

openapi: setup ## 重新生成 docs/api/openapi.json (write the committed API contract)
	$(BIN)/python tools/openapi.py write

migrations: setup ## 模型与迁移是否一致 (missing migrations)
	RONGHE_SECRET_KEY=check DJANGO_SETTINGS_MODULE=ronghe.config.settings.test \
	  $(BIN)/python -m django makemigrations --check --dry-run

migrated: setup ## 逐步迁移与一次建成是否一样 (the migrations lead where the models are)
	env -u RONGHE_DATABASE_URL $(BIN)/python tools/check_migrations.py

deploy: setup ## 上线检查 (check --deploy)
	RONGHE_HTTPS=1 RONGHE_HOSTS=ronghe.example RONGHE_SECRET_KEY= RONGHE_HOME=$$(mktemp -d) \
	  DJANGO_SETTINGS_MODULE=ronghe.config.settings.base \
	  $(BIN)/python -m django check --deploy --fail-level WARNING

check: lint types imports migrations deploy ## 测试以外的全部检查 (everything but the tests)
	$(BIN)/python tools/messages.py check
	$(BIN)/python tools/openapi.py check

bench: setup ## 跑各项基准，逐个打印比值 (benchmarks, each prints a ratio)
	@missed=; for name in roster obligations pages my_day scoring what_if documents sign_in_burst grid regrouping permit_conflicts; do \
	  echo "== benchmarks/$$name.py"; $(BIN)/python benchmarks/$$name.py || missed="$$missed $$name"; done; \
	  [ -z "$$missed" ] || { echo "未达到目标 (missed):$$missed"; exit 1; }
