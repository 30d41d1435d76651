# Keeps a process running inside a namespace, until somebody says that it shall be stopped.
# shellcheck shell=bash

# Runs a command again whenever it ends, unless the file GRPO_STATE/stopped/NAME is there.
# Its id, as seen in this namespace, is in GRPO_STATE/pids/NAME. usage: supervise NAME CMD…
supervise() {
  local name=$1 pid
  shift
  while :; do
    while [[ -e $GRPO_STATE/stopped/$name ]]; do sleep 0.2; done
    "$@" >>"$GRPO_STATE/logs/$name.log" 2>&1 </dev/null &
    pid=$!
    echo "$pid" >"$GRPO_STATE/pids/$name"
    wait "$pid"
    echo "cluster: $name ended with $?" >>"$GRPO_STATE/logs/$name.log"
    rm -f "$GRPO_STATE/pids/$name"
    sleep 0.3 # one that dies at once shall not eat the machine
  done
}
