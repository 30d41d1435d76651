# Going into a local cluster, and what can happen to its nodes.
# shellcheck shell=bash

# Runs a command inside the cluster's namespaces (where the control plane is). usage: cluster_exec CMD…
cluster_exec() {
  local root inside
  { root=$(root_pid) && inside=$(first_inside "$root"); } || fail "cluster $GRPO_NAME does not run: hack/cluster up --name $GRPO_NAME"
  PATH=$GRPO_STATE/bin:$GRPO_PROGRAMS/bin:$PATH nsenter -t "$inside" -n -m -p -- "$@"
}

# Runs a command on a node. usage: node_exec NODE CMD…
node_exec() {
  local node=$1 root inside
  shift
  [[ -s $GRPO_STATE/pids/node-$node ]] || fail "node-$node is stopped: hack/cluster node-start $node --name $GRPO_NAME"
  read -r root <"$GRPO_STATE/pids/node-$node"
  # Ids are those of the cluster's process namespace, so the way leads through it.
  # shellcheck disable=SC2016 # expanded inside
  cluster_exec /bin/bash -c 'read -r inside _ <"/proc/$0/task/$0/children"; exec nsenter -t "$inside" -n -m -p -- "$@"' "$root" "$@"
}

require_node() {
  [[ ${1:-} =~ ^[1-9]$ && ${1:-} -le $GRPO_NODES ]] || fail "cluster $GRPO_NAME has $GRPO_NODES nodes, counted from 1; there is no '${1:-}'"
}

is_gone() { [[ ! -e $GRPO_STATE/pids/$1 ]]; }
is_there() { [[ -s $GRPO_STATE/pids/$1 ]]; }

# The whole node dies: kubelet, containers and network at once.
node_stop() {
  touch "$GRPO_STATE/stopped/node-$1"
  is_gone "node-$1" || cluster_exec kill -KILL "$(<"$GRPO_STATE/pids/node-$1")"
  wait_until 10 is_gone "node-$1" || fail "node-$1 did not stop"
  rm -f "$GRPO_STATE/pids/kubelet-$1" "$GRPO_STATE/pids/containerd-$1"
}

node_start() {
  rm -f "$GRPO_STATE/stopped/kubelet-$1" "$GRPO_STATE/stopped/node-$1"
  wait_until 30 is_there "kubelet-$1" || fail "node-$1 did not start" "$GRPO_STATE/logs/node-$1.log"
}

# Only the kubelet stops: containers go on, and the control plane hears nothing of them.
kubelet_stop() {
  touch "$GRPO_STATE/stopped/kubelet-$1"
  is_gone "kubelet-$1" || node_exec "$1" kill -TERM "$(<"$GRPO_STATE/pids/kubelet-$1")"
  wait_until 20 is_gone "kubelet-$1" || fail "the kubelet of node-$1 did not stop"
}

kubelet_start() {
  rm -f "$GRPO_STATE/stopped/kubelet-$1"
  wait_until 20 is_there "kubelet-$1" || fail "the kubelet of node-$1 did not start" "$GRPO_STATE/logs/kubelet-$1.log"
}

# usage: link_set NODE up|down
link_set() { cluster_exec ip link set "node-$1" "$2"; }

# Killed: asked to end, it waits a minute for its clients' watches.
apiserver_restart() {
  local before
  before=$(<"$GRPO_STATE/pids/apiserver")
  cluster_exec kill -KILL "$before"
  wait_until 60 apiserver_is_new "$before" || fail "the API server did not come back" "$GRPO_STATE/logs/apiserver.log"
}

apiserver_is_new() {
  is_there apiserver && [[ $(<"$GRPO_STATE/pids/apiserver") != "$1" ]] && state_kubectl get --raw /readyz
}

