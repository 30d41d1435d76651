#!/usr/bin/env bash
# Which kind of cluster is chosen, what each refuses, and the k3d kind's own steps with stand-ins for docker and k3d
# (its nodes are those of a local cluster). Ends with "N passed, N failed". usage: tests/cluster/providers.sh [CLUSTER_NAME]
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cluster/checks.sh
. "$here/checks.sh"
name=${1:-smoke}
cluster=$here/../../hack/cluster
unset KUBECONFIG PROVIDER
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Says that it is somebody else's machine. usage: elsewhere ID VERSION CMD…
elsewhere() {
  printf 'ID=%s\nVERSION_ID=%s\n' "$1" "$2" >"$work/os-release"
  shift 2
  # shellcheck disable=SC2016 # expanded inside
  unshare --mount sh -c 'mount --bind "$0" /etc/os-release && exec "$@"' "$work/os-release" "$@"
}

# Runs as nobody, with folders of its own.
as_nobody() {
  install -d -o nobody "$work/nobody"
  setpriv --reuid=nobody --clear-groups env HOME="$work/nobody" GRPO_RUN="$work/nobody/run" "$@"
}

# docker answers; k3d notes how it is called, and shows the local cluster's kubeconfig as its own.
fake_k3d() {
  mkdir -p "$work/bin"
  printf '#!/bin/sh\necho "$@" >>%q\n' "$work/docker.calls" >"$work/bin/docker"
  cat >"$work/bin/k3d" <<SH
#!/bin/sh
echo "\$@" >>'$work/k3d.calls'
case "\$1 \$2" in
  'kubeconfig get') cat '$local_kubeconfig' ;;
  'cluster list') exit 1 ;;
esac
SH
  chmod +x "$work"/bin/*
  PATH=$work/bin:$PATH
}
called() { grep -qe "$2" "$work/$1.calls" || { cat "$work/$1.calls" && return 1; }; }

chmod 755 "$work"
check "not Debian: says so" prints 'needs Debian 12.*this is fedora 41' elsewhere fedora 41 env PROVIDER=local "$cluster" up --name "$name-x"
check "another Debian: says so" prints 'needs Debian 12.*this is debian 13' elsewhere debian 13 env PROVIDER=local "$cluster" up --name "$name-x"
check "not root: says so" prints 'needs root' as_nobody env PROVIDER=local "$cluster" up --name "$name-x"
check "no such kind" prints "must be local, k3d or existing, not 'kind'" env PROVIDER=kind "$cluster" up --name "$name-x"
check "existing needs a KUBECONFIG" prints 'needs KUBECONFIG' env PROVIDER=existing "$cluster" up --name "$name-x"
check "a KUBECONFIG that is not there" prints 'needs KUBECONFIG' env KUBECONFIG=/nowhere "$cluster" up --name "$name-x"
"$cluster" down --name "$name-x" 2>/dev/null

check "local, for the rest" env PROVIDER=local "$cluster" up --name "$name" --nodes 1
((failed == 0)) || { finish; exit 1; }
local_kubeconfig=$(eval "$("$cluster" env --name "$name")" && echo "$KUBECONFIG")
cp "$local_kubeconfig" "$work/given"
export KUBECONFIG=$work/given
check "a KUBECONFIG of one's own: existing" "$cluster" up --name "$name-e"
check "shows its nodes" prints 'node-1' "$cluster" status --name "$name-e"
check "gives it to the shell" prints "KUBECONFIG=.*/$name-e/kubeconfig" "$cluster" env --name "$name-e"
check "breaks nothing" prints 'not ours to break' "$cluster" --name "$name-e" node-stop 1
check "loads no images" prints 'registry' "$cluster" load-image --name "$name-e" /etc/hostname
check "an answer that does not come" prints 'does not answer' sh -c "sed 's/:[0-9]*\"/:1\"/' '$work/given' >'$work/dead' && KUBECONFIG='$work/dead' '$cluster' up --name '$name-x'"
"$cluster" down --name "$name-x" 2>/dev/null
check "down" "$cluster" down --name "$name-e"
check "leaves the cluster as it is" env KUBECONFIG="$local_kubeconfig" kubectl get node node-1
export KUBECONFIG=$local_kubeconfig
kubectl label node node-1 grpo-operator.dev/node=true >/dev/null
fake_k3d
check "with the KUBECONFIG of one of ours and Docker: k3d" "$cluster" up --name "$name-k" --nodes 1
check "made with one agent" called k3d "^cluster create grpo-$name-k --servers 1 --agents 1 .*grpo-operator.dev/node=true@agent:\*"
check "and the shared folder on all nodes" called k3d "/$name-k/shared@all"
check "loads images" sh -c "'$cluster' load-image --name '$name-k' /etc/hostname && grep -qx 'image import --cluster grpo-$name-k /etc/hostname' '$work/k3d.calls'"
check "stops a node" sh -c "'$cluster' --name '$name-k' node-stop 1 && grep -qx 'kill k3d-grpo-$name-k-agent-0' '$work/docker.calls'"
check "cannot stop a kubelet" prints 'cannot do kubelet-stop' "$cluster" --name "$name-k" kubelet-stop 1
kubectl patch node node-1 --subresource=status --type=merge -p '{"status":{"capacity":{"huawei.com/Ascend910":"3"}}}' >/dev/null
check "NPUs are set again" eventually 10 equals 16 kubectl get node node-1 -o 'jsonpath={.status.capacity.huawei\.com/Ascend910}'
check "by its own loop" eventually 10 grep -q 'node/node-1 patched' "${local_kubeconfig%/*}-k/logs/npus.log"
check "goes" "$cluster" down --name "$name-k"
check "and k3d was told" called k3d "^cluster delete grpo-$name-k$"
check "leaves nothing" "$cluster" leftovers --name "$name-k"
"$cluster" down --name "$name" 2>/dev/null
finish
