# The goals that people type. Scripts in tools/ do the work, and everything made goes to build/.
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

# The steps of a goal go one after the other; the builds inside use every processor.
.NOTPARALLEL:
.PHONY: help firmware interpreter repl run firmware-qemu-m3 firmware-qemu-rv32 firmware-qemu-microbit firmware-rp2 \
	test test-rust test-miri test-unix test-boards test-m3 test-rv32 test-rp2040 test-microbit test-thorough test-versions test-fresh lint fmt bindings size sizes \
	guard bench bench-boards bench-tls venv clean

help: ## list the goals
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

run: venv ## build, and run the demo against a local server
	+@interpreter=$$(tools/firmware.sh) && $(PYTHON) tools/demo.py "$$interpreter" python/examples/demo.py build/httpbin.log
	@printf '\nFor a Python prompt with mrequests: make repl\n'

test: venv ## run lint, the Rust tests, and the tests of the unix port
	+@tools/test.sh unix lint,rust
	@tools/cargo_cache.sh save build/cargo

lint: ## check format and spelling, and run the linters of Rust, Python, C and shell
	@tools/lint.sh

test-rust: ## run the Rust tests
	+@tools/test.sh rust

test-miri: ## run the tests of the boundary's Rust under Miri
	@tools/test.sh miri

test-unix: venv ## run the tests of the module in the unix port
	+@tools/test.sh unix

test-boards: venv ## run the tests on emulated boards, and check that instructions and flash have not grown
	+@tools/test.sh m3,guard,rv32 rp2040
	@tools/cargo_cache.sh save build/cargo-boards

test-m3: venv ## run the tests on an emulated Cortex-M3
	+@tools/test.sh m3

test-rv32: venv ## run the tests on an emulated RISC-V
	+@tools/test.sh rv32

test-rp2040: venv ## run some tests on an emulated RP2040
	+@tools/test.sh rp2040

test-microbit: venv ## run some tests on an emulated Cortex-M0
	+@tools/test.sh microbit

test-thorough: venv ## check what `make test` has no time for: each variant on each board, more builds, more versions of MicroPython
	+@BOARD_TESTS=--thorough tools/test.sh m3,guard,rv32 rp2040,microbit
	+@$(MAKE) test-miri firmware-rp2 test-versions

test-versions: ## test-unix with each version of MicroPython that can be had, and with the trees in MICROPY_DIRS
	+@tools/test_versions.sh

# Options of tools/fresh.sh, such as '--release trixie run test'.
FRESH :=

test-fresh: ## run the goals run, test and test-boards in new Debian systems, as root
	+@tools/fresh.sh $(FRESH)

bindings: ## generate the Rust view of the glue header
	@tools/packages.sh test-rust
	MREQUESTS_WRITE_BINDINGS=1 cargo test --locked -p micropython-sys

fmt: ## format Rust, C and Python
	@tools/lint.sh --fix

size: ## print what mrequests adds to the unix port
	+@interpreter=$$(tools/firmware.sh) && tools/size.sh "$$(dirname "$$interpreter")"

sizes: venv ## measure flash, stack and heap on boards: builds many firmwares, takes some minutes
	@tools/packages.sh test qemu-arm
	+@$(PYTHON) bench/boards flash memory

guard: venv ## write the table that test-boards compares instructions and flash with
	@tools/packages.sh qemu-arm
	+@firmware=$$(tools/tested.sh m3) && $(PYTHON) bench/boards/guard.py --write $$firmware

# Options, such as '--items get1k,post1k --columns mrequests,c'. With options the plot in docs/ stays as it is.
BENCH :=

bench: $(BENCH_VENV)/installed ## compare with other HTTP clients: some ten minutes
	@tools/packages.sh build test bench m3 qemu-arm
	+@$(BENCH_VENV)/bin/python bench/compare $(BENCH)
	$(if $(BENCH),,@$(BENCH_VENV)/bin/python bench/compare/plot.py build/bench.json docs/bench-instructions.svg)

bench-boards: venv ## count instructions of calls on an emulated Cortex-M3 and RISC-V
	@tools/packages.sh qemu-arm qemu-riscv
	+@$(PYTHON) bench/boards calls

bench-tls: ## measure TLS on an emulated Cortex-M3: instructions and stack
	@bench/boards/tls/run.sh

venv: $(VENV)/installed

$(VENV)/installed: tests/requirements.txt
	@tools/venv.sh $(VENV) $^

$(BENCH_VENV)/installed: bench/requirements.txt tests/requirements.txt
	@tools/venv.sh $(BENCH_VENV) $^

clean: ## remove everything made; what the next clone can use stays in the cache
	rm -rf build target
