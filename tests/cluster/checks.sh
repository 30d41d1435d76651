# Named checks, counted.
# shellcheck shell=bash

passed=0 failed=0

# usage: check "what must be so" CMD… : succeeds or fails with CMD; its output is shown only when it fails.
check() {
  local what=$1 output start=$SECONDS
  shift
  if output=$("$@" 2>&1); then
    passed=$((passed + 1))
    printf 'ok    %s (%s s)\n' "$what" $((SECONDS - start))
  else
    failed=$((failed + 1))
    printf 'FAIL  %s (%s s)\n%s\n' "$what" $((SECONDS - start)) "$(tail -n 30 <<<"$output")" | sed '2,$s/^/      | /'
  fi
}

# usage: eventually SECONDS CMD… : a condition, waited for.
eventually() {
  local deadline=$((SECONDS + $1)) output
  shift
  until output=$("$@" 2>&1); do
    ((SECONDS < deadline)) || { printf 'not so in time: %s\n%s\n' "$*" "$output" && return 1; }
    sleep 0.3
  done
}

# usage: equals EXPECTED CMD… : what CMD prints is exactly that.
equals() {
  local expected=$1 actual
  shift
  actual=$("$@") || return
  [[ $actual == "$expected" ]] || { printf 'expected: %s\nactual:   %s\n' "$expected" "$actual" && return 1; }
}

# usage: prints PATTERN CMD… : what CMD prints matches the regular expression (its exit code does not count).
prints() {
  local pattern=$1 actual
  shift
  actual=$("$@" 2>&1)
  [[ $actual =~ $pattern ]] || { printf 'expected: %s\nactual:   %s\n' "$pattern" "$actual" && return 1; }
}

fails() { ! "$@"; }

# The closing line, and the exit code of the whole.
finish() {
  printf '%s passed, %s failed\n' "$passed" "$failed"
  ((failed == 0))
}
