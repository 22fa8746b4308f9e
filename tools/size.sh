#!/usr/bin/env bash
# Prints the sizes of the module's objects in a firmware.
#   tools/size.sh BUILD [PREFIX]    BUILD: the port's build directory; PREFIX: of the binutils
set -euo pipefail

cd "$1/mrequests"
"${2:-}size" --totals mrequests.o c_glue/*.o c_glue/*/*.o
