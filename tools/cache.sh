# shellcheck shell=bash
# shellcheck disable=SC2034  # used by the scripts that source this
# Sets $cache, the directory of downloads and builds that later clones reuse.

cache=${MREQUESTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/mrequests}
