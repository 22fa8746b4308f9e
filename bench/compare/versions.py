"""The versions of the measured programs and of the tools."""

import importlib.metadata
import platform
import re
import subprocess

import pycurl

from support.servers import nginx_executable

# Prints the versions of the interpreter and of its TLS.
OF_INTERPRETER = "import sys, tls; print(sys.version.split('; ')[1], tls.MBEDTLS_VERSION, sep=chr(10))"


def versions(programs):
    micropython, mbedtls = said(programs.interpreter, "-c", OF_INTERPRETER).splitlines()
    return {
        "MicroPython": micropython.removeprefix("MicroPython ").split(" ")[0],
        "mbedtls": mbedtls.removeprefix("mbed TLS ").removeprefix("Mbed TLS "),
        "rustc": number(said("rustc", "--version")),
        "gcc": number(said("cc", "-dumpfullversion")),
        "nginx": number(said(nginx_executable(), "-v")),
        "valgrind": number(said("valgrind", "--version")),
        "QEMU": number(said("qemu-system-arm", "--version")),
        "CPython": platform.python_version(),
        **{name: importlib.metadata.version(name) for name in ("requests", "httpx", "pycurl")},
        "libcurl": pycurl.version_info()[1],
        "Linux": platform.release(),
        "CPU": cpu_model(),
    }


def said(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout


def number(text):
    return re.search(r"\d+(\.\d+)+", text)[0]


def cpu_model():
    with open("/proc/cpuinfo") as file:
        names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {len(names)} processors"
