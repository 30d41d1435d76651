# k3d: where a Docker engine answers. The same commands, nodes made of containers.
# shellcheck shell=bash

k3d_cluster() { echo "grpo-$GRPO_NAME"; }
k3d_node() { echo "k3d-$(k3d_cluster)-agent-$(($1 - 1))"; }
K3D_NODES=grpo-operator.dev/node=true

k3d_up() {
  local nodes=$1 start=$SECONDS
  [[ -e $GRPO_STATE/ready ]] && k3d cluster list "$(k3d_cluster)" >/dev/null 2>&1 && say "cluster $GRPO_NAME is up" && return
  k3d_down
  mkdir -p "$GRPO_STATE"/{logs,bin,shared,audit} && chmod 1777 "$GRPO_STATE/shared" "$GRPO_STATE/audit"
  record_provider k3d
  link_tools "$GRPO_STATE/bin"
  write_audit_policy "$GRPO_STATE/audit/policy.yaml"
  : >"$GRPO_STATE/audit/audit.log" && ln -s audit/audit.log "$GRPO_STATE/audit.log"
  echo "export GRPO_NODES=$nodes" >"$GRPO_STATE/cluster.env"
  say "starting cluster $GRPO_NAME with k3d and $nodes nodes (a minute, more when its images are fetched) …"
  quietly "$GRPO_STATE/logs/k3d.log" "k3d could not make the cluster" k3d_create "$nodes"
  k3d kubeconfig get "$(k3d_cluster)" >"$GRPO_STATE/kubeconfig"
  chmod 600 "$GRPO_STATE/kubeconfig"
  k3d_keep_npus
  use_state_kubectl
  wait_until 180 nodes_ready "$nodes" "$K3D_NODES" || fail "the nodes are not ready after 180 s" "$GRPO_STATE/logs/npus.log"
  touch "$GRPO_STATE/ready"
  say "cluster $GRPO_NAME is up after $((SECONDS - start)) s"
}

k3d_create() {
  local server='@server:0' api=--kube-apiserver-arg=audit labels=()
  # A filter that matches no node is an error.
  (($1 == 0)) || labels=(--k3s-node-label "$K3D_NODES@agent:*")
  k3d cluster create "$(k3d_cluster)" --servers 1 --agents "$1" --no-lb --api-port "127.0.0.1:$(choose_port port)" --wait --timeout 180s \
    --kubeconfig-update-default=false --kubeconfig-switch-context=false \
    --volume "$GRPO_STATE/shared:$GRPO_STATE/shared@all" --volume "$GRPO_STATE/audit:$GRPO_STATE/audit$server" \
    --k3s-arg "--disable=traefik$server" --k3s-arg "--disable=metrics-server$server" \
    --k3s-arg "--node-taint=node-role.kubernetes.io/control-plane:NoSchedule$server" \
    --k3s-arg "$api-policy-file=$GRPO_STATE/audit/policy.yaml$server" \
    --k3s-arg "$api-log-path=$GRPO_STATE/audit/audit.log$server" "${labels[@]}"
}

# The loop that gives nodes their NPUs is a process of the machine here; it ends with the cluster's folder.
k3d_keep_npus() {
  # shellcheck disable=SC2016 # expanded inside
  KUBECONFIG=$GRPO_STATE/kubeconfig PATH=$GRPO_STATE/bin:$PATH setsid /bin/bash -c \
    '. "$0/npus.sh"; follow_npus "$1"' "$GRPO_LIB" "$K3D_NODES" >"$GRPO_STATE/logs/npus.log" 2>&1 </dev/null 8>&- &
  echo $! >"$GRPO_STATE/npus.pid"
}

k3d_down() {
  local pid
  if [[ -s $GRPO_STATE/npus.pid ]] && read -r pid <"$GRPO_STATE/npus.pid" && grep -qsF npus.sh "/proc/$pid/cmdline"; then
    kill -TERM -- "-$pid" 2>/dev/null || true
  fi
  k3d cluster delete "$(k3d_cluster)" >/dev/null 2>&1 || true
  rm -rf "$GRPO_STATE"
}

k3d_status() { state_kubectl get nodes; }
k3d_load_image() { k3d image import --cluster "$(k3d_cluster)" "$@"; }
k3d_node_exec() {
  require_node "${1:-}"
  local node
  node=$(k3d_node "$1")
  shift
  docker exec -i "$node" "$@"
}
k3d_node_stop() { require_node "${1:-}" && docker kill "$(k3d_node "$1")" >/dev/null; }
k3d_node_start() { require_node "${1:-}" && docker start "$(k3d_node "$1")" >/dev/null; }
k3d_link_down() { require_node "${1:-}" && docker network disconnect "k3d-$(k3d_cluster)" "$(k3d_node "$1")"; }
k3d_link_up() { require_node "${1:-}" && docker network connect "k3d-$(k3d_cluster)" "$(k3d_node "$1")"; }
