#!/bin/bash
# Runs the CRD server inside a cluster's namespaces, with its way in from the machine, until it is told to stop.
# usage: crdserver-init.sh STATE FOLDER PORT HOST_NETWORK_FD
set -uo pipefail
# shellcheck source=/dev/null
. "$1/cluster.env"
# shellcheck source=/dev/null
. "$GRPO_LIB/inside.sh"
# shellcheck source=/dev/null
. "$GRPO_LIB/control-plane.sh"
folder=$2 port=$3 host_network=$4 keys=$GRPO_STATE/certificates socket=$GRPO_STATE/crdserver.sock

# shellcheck disable=SC2317 # called by the trap
stop() {
  # shellcheck disable=SC2046 # one word for each process
  kill $(jobs -p)
  wait
  rm -f "$GRPO_STATE/pids/crdserver" "$socket" "$GRPO_STATE/crdserver.port"
  exit
}
trap stop TERM
echo $$ >"$GRPO_STATE/pids/crdserver"

nsenter --net="/proc/self/fd/$host_network" socat TCP-LISTEN:"$port",bind=127.0.0.1,reuseaddr,nodelay,fork UNIX-CONNECT:"$socket" &
exec {host_network}<&-
socat UNIX-LISTEN:"$socket",fork,unlink-early TCP:127.0.0.1:6443,nodelay &
# It asks the cluster's API server who a client is and what it may do; admission and fairness are left to that one.
"$folder/apiextensions-apiserver" --secure-port=6443 --bind-address=127.0.0.1 \
  --etcd-servers="$ETCD" --etcd-prefix=/crdserver --cert-dir="$GRPO_STATE" \
  --tls-cert-file="$keys/apiserver.crt" --tls-private-key-file="$keys/apiserver.key" --client-ca-file="$keys/ca.crt" \
  --kubeconfig="$KUBECONFIG" --authentication-kubeconfig="$KUBECONFIG" --authorization-kubeconfig="$KUBECONFIG" \
  --authentication-skip-lookup --enable-priority-and-fairness=false \
  --disable-admission-plugins=ValidatingAdmissionPolicy,MutatingAdmissionPolicy,ValidatingAdmissionWebhook,MutatingAdmissionWebhook &
wait -n
stop
