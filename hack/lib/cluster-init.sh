#!/bin/bash
# The first process of a cluster's namespaces: everything of the cluster runs below it and ends with it.
# usage: cluster-init.sh STATE HOST_NETWORK_FD
set -uo pipefail
# shellcheck source=/dev/null
. "$1/cluster.env"
# shellcheck source=/dev/null
. "$GRPO_LIB/inside.sh"
host_network=$2
for part in network control-plane supervise names npus; do
  # shellcheck source=/dev/null
  . "$GRPO_LIB/$part.sh"
done

# The only way in from the machine: a listener on its loopback address, handed on through a file socket.
# Without "nodelay" each small request waits for an acknowledgement.
run_api_inside() { exec socat UNIX-LISTEN:"$GRPO_STATE/api.sock",fork,unlink-early TCP:127.0.0.1:443,nodelay; }
run_api_outside() {
  exec nsenter --net="/proc/self/fd/$host_network" socat \
    TCP-LISTEN:"$GRPO_PORT",bind=127.0.0.1,reuseaddr,nodelay,fork UNIX-CONNECT:"$GRPO_STATE/api.sock"
}

# A node that died stays dead until somebody starts it. usage: keep_node NODE
keep_node() {
  while :; do
    while [[ -e $GRPO_STATE/stopped/node-$1 ]]; do sleep 0.2; done
    unshare --net --mount --pid --fork --kill-child=KILL --mount-proc --propagation private \
      /bin/bash "$GRPO_LIB/node-init.sh" "$GRPO_STATE" "$1" >>"$GRPO_STATE/logs/node-$1.log" 2>&1 </dev/null &
    echo $! >"$GRPO_STATE/pids/node-$1"
    wait $!
    touch "$GRPO_STATE/stopped/node-$1"
    rm -f "$GRPO_STATE/pids/node-$1"
  done
}

mount --make-rshared /
mount -t tmpfs -o mode=700 etcd "$GRPO_STATE/etcd"
make_bridge "$GRPO_NODES"
mount --bind /proc/self/ns/net "$GRPO_STATE/cluster.netns"

supervise api-outside run_api_outside &
# Nothing else may reach the machine's network.
exec {host_network}<&-
supervise api-inside run_api_inside &
supervise etcd run_etcd &
supervise apiserver run_apiserver &
supervise controller-manager run_controller_manager &
supervise scheduler run_scheduler &
if ((GRPO_NODES > 0)); then
  for ((node = 1; node <= GRPO_NODES; node++)); do keep_node "$node" & done
  supervise dns run_dns &
  supervise names follow_names &
  supervise npus follow_npus &
fi
wait
