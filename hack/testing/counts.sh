# Reads what a test runner itself counted out of its log. Each reader prints one line "PASSED FAILED SKIPPED", then a
# line "NAME: REASON" for every skipped test; it prints nothing when the log holds no count.
# shellcheck shell=bash

# Microsoft.Testing.Platform: the block after "Test run summary:", and a block "skipped NAME" for each skip.
# usage: count_mtp LOG
count_mtp() {
  awk '
    /^skipped / { name = substr($0, 9); reason = ""; reading = 1; next }
    reading && /^  from / { skips[++n] = name ": " reason; reading = 0 }
    reading { sub(/^ +/, ""); reason = reason (reason == "" ? "" : " ") $0 }
    /^Test run summary:/ { summary = 1 }
    summary && $1 == "failed:" { failed = $2 }
    summary && $1 == "succeeded:" { passed = $2; counted = 1 }
    summary && $1 == "skipped:" { skipped = $2 }
    END {
      if (!counted) exit
      print passed, failed + 0, skipped + 0
      for (i = 1; i <= n; i++) print skips[i]
    }' "$1"
}

# Python: "Ran N tests", then "OK (skipped=1)" or "FAILED (failures=1, errors=2)"; with -v, "… skipped '\''REASON'\''" lines.
# usage: count_unittest LOG
count_unittest() {
  awk -v quote="['\"]" '
    function count(key) { return match($0, key "=[0-9]+") ? substr($0, RSTART + length(key) + 1, RLENGTH - length(key) - 1) + 0 : 0 }
    match($0, " skipped " quote) {
      reason = substr($0, RSTART + 10)
      sub(quote "$", "", reason)
      skips[++n] = $1 ": " reason
    }
    /^Ran [0-9]+ tests? in / { ran = $2; counted = 0 }
    /^OK/ || /^FAILED \(/ {
      failed = count("failures") + count("errors") + count("unexpected successes")
      skipped = count("skipped")
      counted = 1
    }
    END {
      if (!counted) exit
      # An error outside a test (setUpClass) fails without having been run.
      passed = ran - failed - skipped
      print passed < 0 ? 0 : passed, failed, skipped
      for (i = 1; i <= n; i++) print skips[i]
    }' "$1"
}

# Stryker: its whole run is one test. Which mutants survived stands in the log.
# usage: count_mutation LOG
count_mutation() {
  awk '
    / score is [0-9.]+ ?%/ { scored = 1 }
    / score is below threshold break/ { low = 1 }
    END { if (scored) print 1 - low, low + 0, 0 }' "$1"
}

# Our own scripts: the last line "N passed, N failed" (", N skipped"), and a line "skip NAME: REASON" for each skip.
# usage: count_script LOG
count_script() {
  awk '
    /^skip / { skips[++n] = substr($0, 6) }
    /^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ { line = $1 " " $3 " " $5 + 0 }
    END {
      if (line == "") exit
      print line
      for (i = 1; i <= n; i++) print skips[i]
    }' "$1"
}
