"""Flash and static RAM: the difference of two linked firmwares, one of them without mrequests."""

import subprocess

from firmware import built

HTTP_ONLY = {"MREQUESTS_TLS": "0"}
DEFAULT = {}

# Options that are built for all targets, and more for the first target.
OPTIONS = {"http only": HTTP_ONLY, "default: + TLS, P-256, P-384, RSA": DEFAULT}
MORE_OPTIONS = {
    "http + TLS with P-256 only": {"MREQUESTS_TLS_SIGNATURES": " "},
    "http + TLS with P-256, P-384": {"MREQUESTS_TLS_SIGNATURES": "p384"},
    "http + TLS with P-256, RSA": {"MREQUESTS_TLS_SIGNATURES": "rsa"},
    "default + Ed25519": {"MREQUESTS_TLS_SIGNATURES": "p384 rsa ed25519"},
    "default + AES-256, ChaCha20": {"MREQUESTS_TLS_SUITES": "aes128 aes256 chacha20"},
    "default + the web's authorities": {"MREQUESTS_CA_BUNDLE": "webpki-roots"},
}

# Name, build command, the prefix of its binutils.
TARGETS = (
    ("Cortex-M3 (thumbv7m), qemu", ("tools/board.sh", "m3"), "arm-none-eabi-"),
    ("RISC-V (riscv32imac), qemu", ("tools/board.sh", "rv32"), "riscv64-unknown-elf-"),
    ("Cortex-M0+ (thumbv6m), rp2", ("tools/rp2.sh", "pico"), "arm-none-eabi-"),
)


def tables():
    """One table, in bytes."""
    header = ("Target", "Options", "Flash", "Static RAM")
    yield "Flash (code and constants) and static RAM that the module adds, in bytes:", header, rows()


def rows():
    for number, (target, build, prefix) in enumerate(TARGETS):
        without = sections([*build, "--without"], {}, prefix)
        options = OPTIONS | (MORE_OPTIONS if number == 0 else {})
        for option, variables in options.items():
            firmware = sections(build, variables, prefix)
            yield target, option, *(figure - base for figure, base in zip(firmware, without, strict=True))


def sections(command, variables, prefix):
    """Flash and static RAM of a firmware that is built with options."""
    return of_file(built(*command, **variables).with_suffix(".elf"), prefix)


def of_file(firmware, prefix):
    """Flash and static RAM of a linked firmware."""
    size = subprocess.run([f"{prefix}size", firmware], stdout=subprocess.PIPE, text=True, check=True)
    text, data, bss = map(int, size.stdout.split("\n")[1].split()[:3])
    return text + data, data + bss
