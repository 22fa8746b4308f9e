# What people type. The work is done by the scripts in tools/; everything made goes to build/.
#   MICROPY_DIR=path          build with your own MicroPython tree (1.24 or later)
#   MICROPY_VERSION=1.25.0    fetch that version instead of the pinned one
#   MICROPY_SSL=0             build without the port's TLS

ifneq ($(words $(CURDIR)),1)
$(error MicroPython cannot be built in a directory with a space in its path: $(CURDIR))
endif

SHELL := /bin/bash
VENV := build/venv
PYTHON := $(VENV)/bin/python
BENCH_VENV := build/bench-venv

# What can be tested is built for the tests; tests/conftest.py says which interpreter is for what.
ALL_OF_TLS := MREQUESTS_TLS_SUITES='aes128 aes256 chacha20' MREQUESTS_TLS_SIGNATURES='p384 rsa ed25519'

export CARGO_TARGET_DIR := $(CURDIR)/build/cargo
BOARDS_TARGET_DIR := $(CURDIR)/build/cargo-boards

# The steps of a goal go one after the other; the builds inside use every processor.
.NOTPARALLEL:
.PHONY: help firmware interpreter repl run firmware-qemu-m3 firmware-qemu-rv32 firmware-qemu-microbit firmware-rp2 \
	test test-rust test-python test-boards test-m3 test-rv32 test-rp2040 test-microbit test-thorough test-versions lint fmt bindings size sizes \
	guard bench bench-micro bench-boards bench-tls venv clean

help: ## say what can be made
	@sed -n 's/^\([a-z0-9-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 24

firmware: ## build MicroPython's unix port with mrequests in it
	+@tools/firmware.sh >/dev/null

interpreter: ## the same, and print the path of the interpreter
	+@tools/firmware.sh

repl: ## build, and open a Python prompt
	+@interpreter=$$(tools/firmware.sh) && exec "$$interpreter"

firmware-qemu-m3: ## build a firmware for an emulated Cortex-M3 with a network
	+@tools/board.sh m3

firmware-qemu-rv32: ## build a firmware for an emulated RISC-V with a network
	+@tools/board.sh rv32

firmware-qemu-microbit: ## build a firmware for an emulated Cortex-M0 (micro:bit)
	+@tools/board.sh microbit

firmware-rp2: ## build firmwares for RP2040 and RP2350
	+@tools/rp2.sh pico
	+@tools/rp2.sh pico2

run: venv ## build, and show what mrequests does against a server of its own
	@tools/cargo_cache.sh load $(CARGO_TARGET_DIR)
	+@interpreter=$$(tools/firmware.sh) && $(PYTHON) tools/demo.py "$$interpreter" python/examples/demo.py build/httpbin.log
	@printf '\nFor a Python prompt with mrequests: make repl\n'

# Boards are built and tested beside all else, with a cargo directory of their own: what one waits for the other fills.
test: ## check everything
	@tools/packages.sh build venv test-rust test m3 rv32 rp2 qemu-arm qemu-riscv
	@tools/micropython.sh >/dev/null
	@tools/cargo_cache.sh load $(CARGO_TARGET_DIR) $(BOARDS_TARGET_DIR)
	+@board() { $(MAKE) -s test-$$1 CARGO_TARGET_DIR=$(BOARDS_TARGET_DIR) >build/test-$$1.log 2>&1; }; \
	(board m3; m3=$$?; board rv32; exit $$((m3 | $$?))) & qemu=$$!; \
	board rp2040 & rp2=$$!; \
	$(MAKE) lint test-rust test-python; failed=$$?; \
	echo "waiting for the boards: build/test-*.log"; \
	wait $$qemu; failed=$$((failed | $$?)); \
	wait $$rp2; failed=$$((failed | $$?)); \
	cat build/test-m3.log build/test-rv32.log build/test-rp2040.log; \
	exit $$failed
	@tools/cargo_cache.sh save $(CARGO_TARGET_DIR) $(BOARDS_TARGET_DIR)

lint: ## check format and spelling, and run the linters of Rust, Python and shell
	@tools/lint.sh

test-rust: ## run the Rust tests
	@tools/packages.sh test-rust
	if cargo nextest --version >/dev/null 2>&1; then cargo nextest run --locked --all-features && cargo test --locked --all-features --doc; else cargo test --locked --all-features; fi
	cargo test --locked -p micropython-sys

test-python: venv ## run the tests of the module in the built interpreters
	@tools/packages.sh test
	+@set -e; \
	full=$$($(ALL_OF_TLS) tools/firmware.sh); \
	no_ssl=$$(MICROPY_SSL=0 tools/firmware.sh); \
	bundle=$$(MICROPY_SSL=0 MREQUESTS_CA_BUNDLE=tests/data/bundle-ca.pem tools/firmware.sh); \
	MREQUESTS_INTERPRETER=$$full MREQUESTS_INTERPRETER_NO_SSL=$$no_ssl MREQUESTS_INTERPRETER_BUNDLE=$$bundle \
	$(PYTHON) -m pytest -n 4 tests

test-boards: test-m3 test-rv32 test-rp2040 ## run the tests on emulated boards

test-m3: venv ## run the tests on an emulated Cortex-M3, and see that instructions and flash have not grown
	@tools/packages.sh test qemu-arm
	+@firmware=$$($(ALL_OF_TLS) tools/board.sh m3) && \
	MREQUESTS_FIRMWARE_M3=$$firmware $(PYTHON) -m pytest -n 3 --target m3 $(BOARD_TESTS) tests && \
	$(PYTHON) bench/guard $$firmware

test-rv32: venv ## run the tests on an emulated RISC-V
	@tools/packages.sh test qemu-riscv
	+@firmware=$$($(ALL_OF_TLS) tools/board.sh rv32) && \
	MREQUESTS_FIRMWARE_RV32=$$firmware $(PYTHON) -m pytest -n 3 --target rv32 $(BOARD_TESTS) tests

# What needs no network, in firmware without TLS.
WITHOUT_NETWORK := tests/test_memory_socket.py tests/test_http_only.py

test-rp2040: venv ## run some tests on an emulated RP2040
	+@firmware=$$(MREQUESTS_TLS=0 tools/rp2.sh pico) && \
	MREQUESTS_FIRMWARE_RP2040=$$firmware $(PYTHON) -m pytest -n 2 --target rp2040 $(BOARD_TESTS) $(WITHOUT_NETWORK)

test-microbit: venv ## run some tests on an emulated Cortex-M0
	@tools/packages.sh qemu-arm
	+@firmware=$$(MREQUESTS_TLS=0 tools/board.sh microbit) && \
	MREQUESTS_FIRMWARE_MICROBIT=$$firmware $(PYTHON) -m pytest -n 2 --target microbit $(BOARD_TESTS) $(WITHOUT_NETWORK)

test-thorough: ## check what `make test` has no time for: each variant on each board, more builds, more versions of MicroPython
	+@$(MAKE) test-boards test-microbit BOARD_TESTS=--thorough
	+@$(MAKE) firmware-rp2 test-versions

test-versions: ## test-python in each version of MicroPython that is supported
	+for version in 1.26.1 1.25.0; do $(MAKE) test-python MICROPY_VERSION=$$version || exit; done

bindings: ## generate the Rust view of the glue header
	@tools/packages.sh test-rust
	MREQUESTS_WRITE_BINDINGS=1 cargo test --locked -p micropython-sys

fmt: ## format Rust, C and Python
	@tools/lint.sh --fix

size: ## print what mrequests adds to the unix port
	+@interpreter=$$(tools/firmware.sh) && tools/size.sh "$$(dirname "$$interpreter")"

sizes: venv ## measure flash, stack and heap on boards: builds many firmwares, takes some minutes
	@tools/packages.sh test qemu-arm
	+@$(PYTHON) bench/sizes

guard: ## write the table anew that test-m3 compares instructions and flash with
	@tools/packages.sh qemu-arm
	+@firmware=$$($(ALL_OF_TLS) tools/board.sh m3) && python3 bench/guard --write $$firmware

# Options, such as '--items get1k,post1k --columns mrequests,c': then the plots, of everything, stay as they are.
BENCH :=

bench: $(BENCH_VENV)/installed ## compare with other HTTP clients: some ten minutes
	@tools/packages.sh build test bench m3 qemu-arm
	+@$(BENCH_VENV)/bin/python bench/compare $(BENCH)
	$(if $(BENCH),,@$(BENCH_VENV)/bin/python bench/compare/plot.py build/bench.json docs)

bench-micro: venv ## count instructions of parts of the engine, beside httparse and llhttp
	@tools/packages.sh build bench-micro
	@$(PYTHON) bench/micro

bench-boards: venv ## count instructions of calls on an emulated Cortex-M3 and RISC-V
	@tools/packages.sh qemu-arm qemu-riscv
	+@$(PYTHON) bench/boards

bench-tls: ## measure TLS on an emulated Cortex-M3: instructions and stack
	@bench/tls-m3/run.sh

venv: $(VENV)/installed

$(VENV)/installed: tests/requirements.txt
	@tools/venv.sh $(VENV) $^

$(BENCH_VENV)/installed: bench/requirements.txt tests/requirements.txt
	@tools/venv.sh $(BENCH_VENV) $^

clean: ## remove everything made; what the next clone can use stays in the cache
	rm -rf build target
