#!/usr/bin/env bash
# What the local cluster promises, seen on a real one of its own; ends with "N passed, N failed".
# usage: tests/cluster/smoke.sh [CLUSTER_NAME]
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cluster/checks.sh
. "$here/checks.sh"
name=${1:-smoke}
unset KUBECONFIG

cluster() { "$here/../../hack/cluster" "$@" --name "$name"; }
node() { "$here/../../hack/cluster" --name "$name" node-exec "$@"; }
node_is() { [[ $(kubectl get node "$1" -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}') == "$2" ]]; }
npus() { kubectl get node "$1" -o 'jsonpath={.status.allocatable.huawei\.com/Ascend910}'; }
running() { [[ $(kubectl get pod "$1" -o 'jsonpath={.status.containerStatuses[0].state.running.startedAt}') ]]; }
container() { kubectl get pod "$1" -o 'jsonpath={.status.containerStatuses[0].containerID}'; }
other_container() {
  local now
  now=$(container "$2") && [[ -n $now && $now != "$1" ]]
}
in_pod() { kubectl exec "$@"; }

# From one pod: the other's name, and a connection to it.
hears() { equals "$2" in_pod "$1" -- nc "$2.ring.default.svc" 29500; }

# The API as a program in a pod sees it: its own token and the address in its environment.
api_from_pod() {
  # shellcheck disable=SC2016 # expanded in the pod
  in_pod ring-0 -- sh -c 'wget -qO- --no-check-certificate \
    --header "Authorization: Bearer $(cat /var/run/secrets/kubernetes.io/serviceaccount/token)" \
    "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/api/v1/namespaces/default/'"$1"'" 2>&1'
}

api_with_token() {
  local token
  token=$(kubectl get secret "$(kubectl get serviceaccount reader -o 'jsonpath={.secrets[0].name}')" -o 'jsonpath={.data.token}' | base64 -d) &&
    kubectl --kubeconfig=/dev/null --server="$(kubectl config view -o 'jsonpath={.clusters[0].cluster.server}')" \
      --insecure-skip-tls-verify --token="$token" get "$@" -o name
}

# A watch from a revision that etcd and the API server have both forgotten.
old_watch() {
  local old
  old=$(kubectl get --raw /api/v1/namespaces/default/configmaps | grep -o '"resourceVersion":"[0-9]*"' | head -1 | grep -o '[0-9]*')
  kubectl create configmap later --from-literal=a=b && cluster etcd-compact && cluster apiserver-restart &&
    prints '"code":410' kubectl get --raw "/api/v1/namespaces/default/configmaps?watch=1&timeoutSeconds=5&resourceVersion=$old"
}

cluster down
check "up" cluster up
# Without it, kubectl would talk to whatever cluster the user has.
((failed == 0)) || { finish; exit 1; }
eval "$(cluster env)"
check "up again does nothing" cluster up
check "the server is 1.20 and says so" prints '"gitVersion": "v1\.20' kubectl get --raw /version
check "helm is there" prints '^v' helm version --short
check "only the loopback address listens" equals 127.0.0.1 sh -c "ss -Hltn 'sport = :$(kubectl config view -o 'jsonpath={.clusters[0].cluster.server}' | grep -o '[0-9]*$')' | awk '{ sub(/:[0-9]*\$/, \"\", \$4); print \$4 }'"
check "each node has 16 NPUs" equals 16/16 sh -c "echo $(npus node-1)/$(npus node-2)"
check "volumes" cluster volumes default weights data
check "volumes again" cluster volumes default weights data
kubectl apply -f "$here/ring.yaml" >/dev/null
check "two pods run" eventually 60 running ring-0
check "on two nodes" eventually 60 running ring-1
check "spread by their NPUs" prints '^(node-1 node-2|node-2 node-1)$' kubectl get pods -l app=ring -o 'jsonpath={.items[*].spec.nodeName}'
check "a pod that is not ready has a name, and answers on the other node" eventually 15 hears ring-1 ring-0
check "and the other way round" eventually 15 hears ring-0 ring-1
check "an unknown name is unknown at once" prints NXDOMAIN in_pod ring-0 -- nslookup nowhere.example
kubectl run nowhere --image=registry.example/none:1 --restart=Never >/dev/null
check "an image that is nowhere fails within seconds" eventually 8 prints 'no such host' kubectl get events --field-selector reason=Failed
check "both wrote into the shared folder" eventually 10 equals "ring-0 ring-1" sh -c "ls $(cluster shared-dir)/default/data | xargs"
check "a pod reads the API with its service account" prints '"kind": "PodList"' api_from_pod pods
check "and nothing that it may not" prints 403 api_from_pod secrets
check "the machine does with the account's token" prints pod/ring-0 api_with_token pods
check "writes are in the audit log" grep -q '"verb":"create".*"resource":"statefulsets","namespace":"default","name":"ring"' "${KUBECONFIG%/*}/audit.log"
check "reads are not" fails grep -qE '"verb":"(get|list|watch)"' "${KUBECONFIG%/*}/audit.log"

echo no image >"${KUBECONFIG%/*}/bad.tar"
check "what is no image is refused" prints 'could not be imported' cluster load-image "${KUBECONFIG%/*}/bad.tar"
check "and does not stand in the way of one that is" cluster load-image "${KUBECONFIG%/*}/images/busybox.tar"

before=$(container ring-1)
where=$(kubectl get pod ring-1 -o 'jsonpath={.spec.nodeName}')
number=${where#node-}
cluster kubelet-stop "$number"
check "kubelet stopped: NotReady" eventually 40 node_is "$where" Unknown
check "its containers go on" hears ring-0 ring-1
cluster kubelet-start "$number"
check "kubelet started: Ready" eventually 40 node_is "$where" True
check "with the same container" equals "$before" container ring-1
check "and its NPUs" eventually 20 equals 16 npus "$where"
cluster link-down "$number"
check "link down: NotReady" eventually 40 node_is "$where" Unknown
cluster link-up "$number"
check "link up: Ready" eventually 40 node_is "$where" True
cluster node-stop "$number"
check "node stopped: NotReady" eventually 40 node_is "$where" Unknown
check "its pod does not answer" equals silence in_pod ring-0 -- sh -c 'timeout 2 nc ring-1.ring.default.svc 29500 || echo silence'
cluster node-start "$number"
check "node started: Ready" eventually 60 node_is "$where" True
check "its pod runs again, in a new container" eventually 60 other_container "$before" ring-1
check "and answers" eventually 60 hears ring-0 ring-1
check "a forgotten revision is 410 Gone" old_watch
check "a second cluster, beside it, without nodes" "$here/../../hack/cluster" up --name "$name-0" --nodes 0
check "has no nodes" equals "" sh -c "eval \"\$('$here/../../hack/cluster' env --name '$name-0')\" && kubectl get nodes -o name"
check "it goes" "$here/../../hack/cluster" down --name "$name-0"
check "and leaves nothing" "$here/../../hack/cluster" leftovers --name "$name-0"
check "the first is still up" cluster status
check "what is left of a running cluster is seen" prints 'process [0-9]+: unshare.*cgroup ' cluster leftovers
kill -KILL "$(<"${KUBECONFIG%/*}/root.pid")"
check "a killed cluster is seen as dead" prints 'has died' cluster status
check "and comes up anew" cluster up
check "empty" equals "" kubectl get statefulsets -o name
check "down" cluster down
check "leaves nothing" cluster leftovers
finish
