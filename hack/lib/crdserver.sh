# The newer CRD server beside a cluster: same etcd (under another prefix), same certificates, its own port.
# shellcheck shell=bash

# usage: local_crdserver start|stop|env
local_crdserver() {
  case ${1:-} in
    start) crdserver_start ;;
    stop) crdserver_stop ;;
    env) crdserver_env ;;
    *) fail "crdserver takes build, start, stop or env" ;;
  esac
}

crdserver_start() {
  local folder host_network port
  is_gone crdserver || { say "the CRD server of cluster $GRPO_NAME is up" && return; }
  folder=$(crdserver_binary)
  port=$(choose_port crdserver.port)
  write_kubeconfig "$GRPO_STATE/crdserver.kubeconfig" "https://127.0.0.1:$port" admin "$GRPO_STATE/certificates"
  exec {host_network}</proc/self/ns/net
  cluster_exec setsid /bin/bash "$GRPO_LIB/crdserver-init.sh" "$GRPO_STATE" "$folder" "$port" "$host_network" \
    >"$GRPO_STATE/logs/crdserver.log" 2>&1 </dev/null &
  exec {host_network}<&-
  wait_until 60 crdserver_ready || { crdserver_stop && fail "the CRD server is not ready after 60 s" "$GRPO_STATE/logs/crdserver.log"; }
  say "the CRD server of cluster $GRPO_NAME is up: https://127.0.0.1:$port"
}

crdserver_ready() {
  KUBECONFIG=$GRPO_STATE/crdserver.kubeconfig KUBECACHEDIR=$GRPO_STATE/kube-cache "$GRPO_STATE/bin/kubectl" \
    get --raw /apis/apiextensions.k8s.io/v1/customresourcedefinitions
}

crdserver_stop() {
  is_gone crdserver || cluster_exec kill -TERM "$(<"$GRPO_STATE/pids/crdserver")" || true
  wait_until 20 is_gone crdserver || fail "the CRD server did not stop" "$GRPO_STATE/logs/crdserver.log"
}

crdserver_env() {
  is_there crdserver || fail "the CRD server of cluster $GRPO_NAME is not up: hack/cluster crdserver start --name $GRPO_NAME"
  printf 'export CRDSERVER_KUBECONFIG=%q\n' "$GRPO_STATE/crdserver.kubeconfig"
}
