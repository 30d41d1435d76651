# A real cluster in namespaces of this machine: no Docker, no registry, no way out.
# shellcheck shell=bash

# Everything that takes long and is made only once.
local_prepare() {
  require_debian_root
  install_packages "${LOCAL_PACKAGES[@]}"
  base_images "$(local_programs)" >/dev/null
  tool_paths >/dev/null
  kubernetes_binaries >/dev/null
}

local_up() {
  local nodes=$1 programs kubernetes images start
  if [[ -e $GRPO_STATE/ready ]] && root_pid >/dev/null; then
    # shellcheck source=/dev/null
    . "$GRPO_STATE/cluster.env"
    ((GRPO_NODES == nodes)) || fail "cluster $GRPO_NAME is up with $GRPO_NODES nodes, not $nodes: take it down first, or choose another --name"
    say "cluster $GRPO_NAME is up"
    return
  fi
  # What an interrupted up or a killed cluster left.
  local_down
  local_prepare
  programs=$(local_programs)
  images=$(base_images "$programs")
  kubernetes=$(kubernetes_binaries)
  start=$SECONDS
  prepare_state "$nodes" "$programs" "$kubernetes" "$images"
  say "starting cluster $GRPO_NAME with $nodes nodes (about 20 seconds) …"
  start_root
  wait_ready "$nodes"
  touch "$GRPO_STATE/ready"
  say "cluster $GRPO_NAME is up after $((SECONDS - start)) s"
}

# usage: prepare_state NODES PROGRAMS KUBERNETES IMAGES
prepare_state() {
  local nodes=$1 programs=$2 kubernetes=$3 images=$4 node port part
  mkdir -p "$GRPO_STATE"/{logs,pids,stopped,etcd,names,images,nodes,bin}
  mkdir -p "$GRPO_STATE/shared" && chmod 1777 "$GRPO_STATE/shared"
  record_provider local
  : >"$GRPO_STATE/cluster.netns"
  link_tools "$GRPO_STATE/bin"
  ln -s "$images"/*.tar "$GRPO_STATE/images/"
  port=$(choose_port port)
  make_certificates "$GRPO_STATE/certificates" "$nodes" >"$GRPO_STATE/logs/certificates.log" 2>&1 ||
    fail "certificates could not be made" "$GRPO_STATE/logs/certificates.log"
  write_audit_policy "$GRPO_STATE/audit-policy.yaml"
  write_kubeconfig "$GRPO_STATE/kubeconfig" "https://127.0.0.1:$port" admin "$GRPO_STATE/certificates"
  write_kubeconfig "$GRPO_STATE/inside.kubeconfig" "https://127.0.0.1" admin "$GRPO_STATE/certificates"
  for part in controller-manager scheduler; do
    write_kubeconfig "$GRPO_STATE/$part.kubeconfig" "https://127.0.0.1" "$part" "$GRPO_STATE/certificates"
  done
  for ((node = 1; node <= nodes; node++)); do
    mkdir "$GRPO_STATE/nodes/$node"
    write_kubeconfig "$GRPO_STATE/nodes/$node/kubeconfig" "https://$API_IP" "node-$node" "$GRPO_STATE/certificates"
  done
  # A running cluster has its own copy: it does not notice that the tree changes, or goes.
  cp -r "$GRPO_LIB" "$GRPO_STATE/lib"
  cat >"$GRPO_STATE/cluster.env" <<ENV
export GRPO_LIB=$GRPO_STATE/lib GRPO_NAME=$GRPO_NAME GRPO_STATE=$GRPO_STATE GRPO_NODES=$nodes GRPO_PORT=$port
export GRPO_PROGRAMS=$programs GRPO_KUBERNETES=$kubernetes GRPO_TOOLS=$(readlink -f "$GRPO_STATE/bin/kubectl")
ENV
}

# One process holds all namespaces: killed, everything inside ends with it.
start_root() {
  local host_network
  exec {host_network}</proc/self/ns/net
  setsid unshare --net --mount --pid --fork --kill-child=KILL --mount-proc --propagation private \
    /bin/bash "$GRPO_STATE/lib/cluster-init.sh" "$GRPO_STATE" "$host_network" >"$GRPO_STATE/logs/cluster.log" 2>&1 </dev/null 8>&- &
  echo $! >"$GRPO_STATE/root.pid"
  # The shell need not tell when it is killed.
  disown
  exec {host_network}<&-
}

wait_ready() {
  use_state_kubectl
  wait_until 180 api_ready_or_dead || give_up "the API server is not ready after 180 s" apiserver
  root_pid >/dev/null || give_up "the cluster's first process ended" cluster
  wait_until 120 kubectl get serviceaccount default -o name || give_up "the controller manager does nothing" controller-manager
  wait_until 180 nodes_ready "$1" || give_up "the nodes are not ready after 180 s" kubelet-1
}

api_ready_or_dead() { api_ready || ! root_pid; }

# The log is kept, the processes are not. usage: give_up MESSAGE LOG
give_up() {
  local root
  root=$(root_pid) && kill -KILL "$root"
  fail "$1" "$GRPO_STATE/logs/$2.log"
}

local_down() {
  local root inside=''
  if root=$(root_pid); then
    inside=$(first_inside "$root")
    kill -KILL "$root"
    # The namespaces go with their last process.
    wait_until 20 is_dead "$inside" || fail "process $inside of cluster $GRPO_NAME does not end"
  fi
  remove_cgroups
  [[ ! -e $GRPO_STATE ]] || rm -rf --one-file-system "$GRPO_STATE"
  rmdir "$GRPO_RUN" 2>/dev/null || true
}

is_dead() { [[ -z $1 || ! -e /proc/$1 ]]; }

local_load_image() {
  local file link
  for file in "$@"; do
    [[ -r $file ]] || fail "no image archive: $file"
    link=$GRPO_STATE/images/$(basename "$file" .tar).tar
    ln -sf "$(realpath "$file")" "$link"
    # One that is no image would be tried again at every start of a node.
    import_everywhere || { rm "$link" && fail "$file could not be imported" "$GRPO_STATE/logs/images-1.log"; }
  done
}

# A node that is stopped imports when it starts.
import_everywhere() {
  local node
  for ((node = 1; node <= GRPO_NODES; node++)); do
    is_gone "node-$node" ||
      node_exec "$node" "$GRPO_LIB/import-images.sh" "$GRPO_STATE" "$node" >>"$GRPO_STATE/logs/images-$node.log" 2>&1 || return
  done
}

local_status() {
  root_pid >/dev/null || { say "cluster $GRPO_NAME has died: hack/cluster up --name $GRPO_NAME" && return 1; }
  say "cluster $GRPO_NAME (local, Kubernetes $KUBERNETES_VERSION): https://127.0.0.1:$GRPO_PORT, $GRPO_NODES nodes, state in $GRPO_STATE"
  state_kubectl get nodes
}

local_node_exec() { require_node "${1:-}" && node_exec "$@"; }
local_node_stop() { require_node "${1:-}" && node_stop "$1"; }
local_node_start() { require_node "${1:-}" && node_start "$1"; }
local_kubelet_stop() { require_node "${1:-}" && kubelet_stop "$1"; }
local_kubelet_start() { require_node "${1:-}" && kubelet_start "$1"; }
local_link_down() { require_node "${1:-}" && link_set "$1" down; }
local_link_up() { require_node "${1:-}" && link_set "$1" up; }
local_apiserver_restart() { apiserver_restart; }
local_etcd_compact() {
  # shellcheck disable=SC2016 # expanded inside
  cluster_exec /bin/bash -c '. "$0/cluster.env" && . "$GRPO_LIB/inside.sh" && . "$GRPO_LIB/control-plane.sh" && compact_etcd' "$GRPO_STATE"
}
