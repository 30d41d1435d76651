# A real Prometheus for tests: Debian's program, unpacked into the cache; no service of the machine is made or started.
# shellcheck shell=bash

# Prints the folder with prometheus and promtool.
prometheus_programs() {
  cached prometheus "$(hash_of "$GRPO_LIB/prometheus.sh")" fetch_prometheus
}

# usage: fetch_prometheus OUT
fetch_prometheus() {
  local out=$1 work=$1/work
  mkdir "$work" || return
  say "fetching Prometheus (some seconds) …"
  quietly "$GRPO_CACHE/logs/prometheus.log" "the package prometheus could not be fetched: is the network there?" \
    download_packages "$work" prometheus || return
  dpkg-deb -x "$work"/prometheus_*.deb "$work/root" &&
    cp "$work"/root/usr/bin/{prometheus,promtool} "$out/" && rm -rf "$work"
}

# Writes Prometheus' configuration and the keys for it: it finds the operator's pods as it would in a cluster, and reaches
# them through the API server, since pods have no way out of theirs. KUBECONFIG says where. usage: configure_prometheus DIR NAMESPACE
configure_prometheus() {
  local dir=$1 namespace=$2 server
  kubectl config view --raw --minify --flatten >"$dir/kubeconfig" && chmod 600 "$dir/kubeconfig" || return
  server=$(prometheus_credential "$dir" '{.clusters[0].cluster.server}')
  prometheus_credential "$dir" '{.clusters[0].cluster.certificate-authority-data}' | base64 -d >"$dir/ca.crt"
  prometheus_credential "$dir" '{.users[0].user.client-certificate-data}' | base64 -d >"$dir/client.crt"
  prometheus_credential "$dir" '{.users[0].user.client-key-data}' | base64 -d >"$dir/client.key"
  chmod 600 "$dir/client.key"
  cat >"$dir/prometheus.yml" <<YAML
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- job_name: grpo-operator
  # The namespace of a series is the job's.
  honor_labels: true
  scheme: https
  tls_config: {ca_file: "$dir/ca.crt", cert_file: "$dir/client.crt", key_file: "$dir/client.key"}
  kubernetes_sd_configs:
  - role: pod
    kubeconfig_file: "$dir/kubeconfig"
    namespaces: {names: ["$namespace"]}
    selectors: [{role: pod, label: app.kubernetes.io/name=grpo-operator}]
  relabel_configs:
  - {source_labels: [__meta_kubernetes_pod_container_port_name], regex: metrics, action: keep}
  - {source_labels: [__meta_kubernetes_pod_name], target_label: instance}
  - source_labels: [__meta_kubernetes_namespace, __meta_kubernetes_pod_name, __meta_kubernetes_pod_container_port_number]
    separator: /
    regex: (.+)/(.+)/(.+)
    target_label: __metrics_path__
    replacement: /api/v1/namespaces/\$1/pods/\$2:\$3/proxy/metrics
  - {target_label: __address__, replacement: "${server#https://}"}
YAML
}

# usage: prometheus_credential DIR JSONPATH
prometheus_credential() { kubectl --kubeconfig "$1/kubeconfig" config view --raw -o "jsonpath=$2"; }
