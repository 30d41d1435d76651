# The cluster's network: a bridge in a namespace that no route leaves. Inside, every address is fixed.
# shellcheck shell=bash

API_IP=172.30.0.1 # the API server, on the bridge
KUBERNETES_SERVICE_IP=10.96.0.1 # what pods find in KUBERNETES_SERVICE_HOST; on the bridge too: no kube-proxy is needed
DNS_IP=10.96.0.10
# shellcheck disable=SC2034 # the API server is told
SERVICE_RANGE=10.96.0.0/16
BRIDGE=nodes

node_ip() { echo "172.30.0.$((10 + $1))"; }
node_pods() { echo "10.244.$1.0/24"; }
# Fixed, so that nobody's neighbour table is stale when a node comes back.
node_mac() { printf '02:6c:63:00:00:%02x\n' "$1"; }

# Runs inside the cluster's network namespace. usage: make_bridge NODES
make_bridge() {
  local node
  echo 1 >/proc/sys/net/ipv4/ip_forward
  ip link set lo up
  ip link add "$BRIDGE" type bridge
  ip address add "$API_IP/24" dev "$BRIDGE"
  ip address add "$KUBERNETES_SERVICE_IP/32" dev "$BRIDGE"
  ip address add "$DNS_IP/32" dev "$BRIDGE"
  ip link set "$BRIDGE" up
  for ((node = 1; node <= $1; node++)); do
    ip route add "$(node_pods "$node")" via "$(node_ip "$node")"
  done
}

# Runs inside the node's namespaces, as its first process; the cluster's network namespace is at a path.
# usage: join_bridge NODE NODES CLUSTER_NETNS
join_bridge() {
  local node=$1 nodes=$2 outside=(nsenter --net="$3" --) other
  echo 1 >/proc/sys/net/ipv4/ip_forward
  ip link set lo up
  # What is left of the link when the node died a moment ago.
  "${outside[@]}" ip link del "node-$node" 2>/dev/null
  # "netns 1" is this process: ids are read in the caller's own process namespace.
  "${outside[@]}" ip link add "node-$node" type veth peer name eth0 address "$(node_mac "$node")" netns 1 || return
  "${outside[@]}" ip link set "node-$node" master "$BRIDGE" up || return
  ip address add "$(node_ip "$node")/24" dev eth0
  ip link set eth0 up
  ip route add default via "$API_IP"
  for ((other = 1; other <= nodes; other++)); do
    ((other == node)) || ip route add "$(node_pods "$other")" via "$(node_ip "$other")"
  done
}

# usage: write_cni_config NODE FILE
write_cni_config() {
  cat >"$2" <<JSON
{"cniVersion":"0.4.0","name":"pods","plugins":[{"type":"bridge","bridge":"pods","isGateway":true,"isDefaultGateway":true,
"ipMasq":false,"hairpinMode":true,"ipam":{"type":"host-local","dataDir":"/run/cni-ipam","ranges":[[{"subnet":"$(node_pods "$1")"}]]}}]}
JSON
}
