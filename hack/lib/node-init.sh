#!/bin/bash
# The first process of a node's namespaces (network, mounts, processes): when it ends, the node is gone at once, like a
# machine whose power is cut. usage: node-init.sh STATE NODE
set -uo pipefail
# shellcheck source=/dev/null
. "$1/cluster.env"
# shellcheck source=/dev/null
. "$GRPO_LIB/inside.sh"
node=$2
for part in network cgroups images node-config supervise log; do
  # shellcheck source=/dev/null
  . "$GRPO_LIB/$part.sh"
done
dir=$GRPO_STATE/nodes/$node

# What a machine has for itself: a /run that is empty after a reboot, and own /var/log and /var/lib.
private_folders() {
  mount --make-rshared /
  mount -t tmpfs -o mode=755 run /run
  mkdir -p /run/lock /run/var-lib "$dir"/{var-log,kubelet,cni-state,volume-plugins,opt}
  mount --bind "$dir/var-log" /var/log
  # Mount points that the machine lacks appear in an overlay, not on the machine.
  mount -t tmpfs -o mode=755 var-lib /run/var-lib
  mkdir /run/var-lib/upper /run/var-lib/work
  mount -t overlay var-lib -o lowerdir=/var/lib,upperdir=/run/var-lib/upper,workdir=/run/var-lib/work /var/lib
  mkdir -p /var/lib/kubelet /var/lib/cni
  # The kubelet's device-plugin folder is at this place whatever it is told.
  mount --bind "$dir/kubelet" /var/lib/kubelet
  mount --bind "$dir/cni-state" /var/lib/cni
}

# The node asks the cluster's names, which says at once that a registry is unknown: the machine's servers are out of reach.
name_server() {
  local file
  file=$(realpath -m /etc/resolv.conf)
  # Where it is made at boot, it lay under the /run that is hidden now.
  if [[ $file == /run/* ]]; then mkdir -p "${file%/*}" && touch "$file"; fi
  echo "nameserver $DNS_IP" >"$dir/node-resolv.conf"
  [[ ! -e $file ]] || mount --bind "$dir/node-resolv.conf" "$file"
}

# The kubelet sets these of the machine's; it finds them as it wants them, in files laid over them.
machine_settings() {
  local setting
  for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
    kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
    mkdir -p "/run/sys/${setting%/*}"
    echo "${setting#*=}" >"/run/sys/${setting%=*}"
    mount --bind "/run/sys/${setting%=*}" "/proc/sys/${setting%=*}"
  done
}

run_containerd() { exec containerd --config "$dir/containerd.toml" --log-level warn; }

run_kubelet() {
  exec "$GRPO_KUBERNETES/kubelet" --config="$dir/kubelet.yaml" --kubeconfig="$dir/kubeconfig" \
    --hostname-override="node-$node" --node-ip="$(node_ip "$node")" \
    --container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock
}

echo "cluster: node-$node starts"
private_folders
name_server
machine_settings
remove_cgroups "$node"
make_node_cgroup "$node"
join_bridge "$node" "$GRPO_NODES" "$GRPO_STATE/cluster.netns" || exit
mkdir -p "$dir/cni" && : >"$dir/resolv.conf"
write_cni_config "$node" "$dir/cni/pods.conflist"
write_containerd_config "$node" "$dir/containerd.toml"
write_kubelet_config "$node" "$dir/kubelet.yaml"

supervise "containerd-$node" run_containerd &
wait_until 30 ctr version || exit
"$GRPO_LIB/import-images.sh" "$GRPO_STATE" "$node" >>"$GRPO_STATE/logs/images-$node.log" 2>&1
supervise "kubelet-$node" run_kubelet &
wait
