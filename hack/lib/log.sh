# What a person sees: one line a step on stderr, so that stdout stays for machines.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

# The last words before an exit: what went wrong and, with a log file, its tail and its path.
# usage: fail MESSAGE [LOGFILE]
fail() {
  say "cluster: $1"
  if [[ -n ${2:-} && -s $2 ]]; then
    say "--- the last lines of $2"
    tail -n "${GRPO_LOG_TAIL:-25}" "$2" | cut -c1-240 >&2
    say "--- whole log: $2"
  fi
  exit 1
}

# usage: quietly LOGFILE "what failed" CMD… : runs CMD with its output in LOGFILE.
quietly() {
  local log=$1 what=$2
  shift 2
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 || fail "$what" "$log"
}

# Waits for a condition instead of a time. usage: wait_until SECONDS CMD…
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}
