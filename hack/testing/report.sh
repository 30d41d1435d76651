# One line a stage, and the sum. A stage is a command; what its runner counted is read out of its log.
# shellcheck shell=bash

passed_total=0 failed_total=0 skipped_total=0
skip_lines=()

# The process group of the stage that runs, for whoever interrupts it.
running=

# The row of stages beside this one, and the file of its counts.
beside='' beside_counts=''

# Starts a second row of stages: what waits for processes and clocks leaves room for what computes. usage: beside CMD…
beside() {
  beside_counts=$(mktemp)
  # shellcheck disable=SC2030,SC2031 # counted apart, added by join_beside
  (
    trap 'stop_stages; exit 143' TERM
    beside='' passed_total=0 failed_total=0 skipped_total=0 skip_lines=()
    "$@"
    # As assignments: what "declare" declares in a function stays in it.
    declare -p passed_total failed_total skipped_total skip_lines | sed 's/^declare -[-a] //' >"$beside_counts"
  ) &
  beside=$!
}

# Waits for the second row and adds its counts.
join_beside() {
  # shellcheck disable=SC2031
  local passed=$passed_total failed=$failed_total skipped=$skipped_total skips=("${skip_lines[@]}") code=0
  wait "$beside" || code=$?
  beside='' passed_total=0 failed_total=1 skipped_total=0 skip_lines=()
  # shellcheck source=/dev/null
  . "$beside_counts"
  rm -f "$beside_counts"
  ((code == 0)) || echo "a row of stages broke off with exit code $code"
  passed_total=$((passed_total + passed)) failed_total=$((failed_total + failed)) skipped_total=$((skipped_total + skipped))
  skip_lines=("${skips[@]}" "${skip_lines[@]}")
}

# Ends what runs, here and beside.
stop_stages() {
  [[ -z $running ]] || kill -TERM -- "-$running" 2>/dev/null
  [[ -z $beside ]] || { kill -TERM "$beside" && wait "$beside"; } 2>/dev/null
}

# Runs a stage, prints its line, adds its counts. usage: stage NAME READER CMD…
# READER: count_mtp, count_unittest, count_script, or "no_count" for a stage that is no test (it counts when it fails).
stage() {
  local name=$1 reader=$2 log=$LOGS/${1//\//-}.log start=$EPOCHREALTIME code=0 counted
  shift 2
  [[ ! -t 1 ]] || printf '%s …\r' "$name"
  # In a group of its own and waited for: a signal is heard at once, and ends all that the stage started.
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  running=$!
  set +m
  wait "$running" || code=$?
  running=
  mapfile -t counted < <("$reader" "$log")
  if [[ $reader == no_count && $code == 0 ]]; then
    printf '%-32s %-36s %8s s\n' "$name" ok "$(seconds_since "$start")"
  else
    add_counts "$name" "$code" "$log" "$(seconds_since "$start")" "${counted[@]}"
  fi
}

no_count() { :; }

# usage: add_counts NAME EXIT_CODE LOG SECONDS [COUNTS SKIP…]
add_counts() {
  local name=$1 code=$2 log=$3 seconds=$4 passed=0 failed=0 skipped=0 note=''
  shift 4
  if (($#)); then
    read -r passed failed skipped <<<"$1"
    shift
  fi
  # A runner that broke off, or that ran nothing, has failed whatever it says.
  if ((code != 0 && failed == 0)); then
    failed=1 note=" (broke off with exit code $code)"
  elif ((passed + failed + skipped == 0)); then
    failed=1 note=" (ran no test)"
  fi
  passed_total=$((passed_total + passed)) failed_total=$((failed_total + failed)) skipped_total=$((skipped_total + skipped))
  (($# == 0)) || skip_lines+=("${@/#/$name: }")
  ((skipped == $#)) || skip_lines+=("$name: $((skipped - $#)) more skipped, see $log")
  printf '%-32s %6d passed %3d failed %3d skipped %8s s%s\n' "$name" "$passed" "$failed" "$skipped" "$seconds" "$note"
  ((failed == 0)) || show_failure "$log"
}

# The failures themselves where the log's form is known; else its end. usage: show_failure LOG
show_failure() {
  local log=$1
  {
    if grep -q '^failed ' "$log"; then
      awk '/^failed / { on = 1 } /^(passed|skipped) |^Test run summary/ { on = 0 } on' "$log" | head -n 120
    else
      tail -n 60 "$log"
    fi
  } | sed 's/^/    /'
  echo "    whole log: $log"
}

# Tests that can't run on this machine: counted, with the reason. usage: skip_stage NAME COUNT REASON
skip_stage() {
  skipped_total=$((skipped_total + $2))
  skip_lines+=("$1: $3")
  printf '%-32s %6d passed %3d failed %3d skipped\n' "$1" 0 0 "$2"
}

# Prints every skip with its reason and the closing line. Fails when a test failed or none passed.
close_report() {
  local line
  for line in "${skip_lines[@]}"; do
    echo "skipped: $line"
  done
  line="$passed_total passed, $failed_total failed"
  ((skipped_total == 0)) || line+=", $skipped_total skipped"
  echo "$line"
  ((failed_total == 0 && passed_total > 0))
}

seconds_since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.1f", to - from }'; }
