# What containerd and the kubelet of a node are told.
# shellcheck shell=bash

# usage: write_containerd_config NODE FILE
write_containerd_config() {
  local dir=$GRPO_STATE/nodes/$1
  cat >"$2" <<TOML
version = 2
root = "$dir/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "$dir/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "$PAUSE_IMAGE"
  stream_server_port = "0"
  restrict_oom_score_adj = true
  disable_apparmor = true
[plugins."io.containerd.grpc.v1.cri".containerd]
  snapshotter = "$(node_snapshotter "$dir")"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
  runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  BinaryName = "$GRPO_PROGRAMS/bin/runc"
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "$GRPO_PROGRAMS/cni"
  conf_dir = "$dir/cni"
TOML
}

# Copies take the place of layers where the file system cannot hold an overlay (itself one, in a container).
node_snapshotter() {
  local trial=$1/overlay-trial answer=native
  mkdir -p "$trial"/{lower,upper,work,merged}
  if mount -t overlay overlay -o "lowerdir=$trial/lower,upperdir=$trial/upper,workdir=$trial/work" "$trial/merged" 2>/dev/null; then
    umount "$trial/merged"
    answer=overlayfs
  fi
  rm -rf "$trial"
  echo "$answer"
}

# Images are never collected and pods not evicted for a full disk: an image cannot be pulled again here.
# usage: write_kubelet_config NODE FILE
write_kubelet_config() {
  local keys=$GRPO_STATE/certificates dir=$GRPO_STATE/nodes/$1
  cat >"$2" <<YAML
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $(node_ip "$1")
healthzBindAddress: 127.0.0.1
readOnlyPort: 0
authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: "$keys/ca.crt"}}
authorization: {mode: Webhook}
tlsCertFile: $keys/node-$1.crt
tlsPrivateKeyFile: $keys/node-$1.key
cgroupDriver: cgroupfs
cgroupRoot: /$(node_cgroup "$1")
failSwapOn: false
makeIPTablesUtilChains: false
clusterDNS: [$DNS_IP]
clusterDomain: cluster.local
resolvConf: $dir/resolv.conf
maxPods: 110
serializeImagePulls: false
nodeStatusUpdateFrequency: 2s
volumeStatsAggPeriod: -1s
volumePluginDir: $dir/volume-plugins
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: 100Mi}
YAML
}
