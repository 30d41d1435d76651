# A real Prometheus for tests: Debian's program, unpacked into the cache; no service of the machine is made or started.
# shellcheck shell=bash

# Prints the folder with prometheus and promtool.
prometheus_programs() {
  cached prometheus "$(declare -f fetch_prometheus | hash_of -)" fetch_prometheus
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

# Writes Prometheus' configuration and the keys for it. It reaches the operator's pods through the API server, since pods
# have no way out of their cluster. KUBECONFIG says which. usage: configure_prometheus DIR
configure_prometheus() {
  local dir=$1
  kubectl config view --raw --minify --flatten >"$dir/kubeconfig" && chmod 600 "$dir/kubeconfig" || return
  prometheus_credential "$dir" '{.clusters[0].cluster.certificate-authority-data}' | base64 -d >"$dir/ca.crt"
  prometheus_credential "$dir" '{.users[0].user.client-certificate-data}' | base64 -d >"$dir/client.crt"
  prometheus_credential "$dir" '{.users[0].user.client-key-data}' | base64 -d >"$dir/client.key"
  chmod 600 "$dir/client.key"
  echo '[]' >"$dir/targets.json"
  cat >"$dir/prometheus.yml" <<YAML
global: {scrape_interval: 1s, scrape_timeout: 1s}
scrape_configs:
- job_name: grpo-operator
  # The namespace of a series is the job's.
  honor_labels: true
  scheme: https
  tls_config: {ca_file: "$dir/ca.crt", cert_file: "$dir/client.crt", key_file: "$dir/client.key"}
  file_sd_configs: [{files: ["$dir/targets.json"]}]
YAML
}

# Keeps the list of the operator's running pods (Debian's Prometheus can't ask Kubernetes itself), until it is stopped.
# usage: follow_operator_pods DIR NAMESPACE
follow_operator_pods() {
  local dir=$1 namespace=$2 server pod list
  local pods='{{range .items}}{{if eq .status.phase "Running"}}{{.metadata.name}}:{{with index .spec.containers 0}}{{(index .ports 0).containerPort}}{{end}} {{end}}{{end}}'
  server=$(prometheus_credential "$dir" '{.clusters[0].cluster.server}')
  while sleep 1; do
    list=
    for pod in $(kubectl -n "$namespace" get pods -l app.kubernetes.io/name=grpo-operator -o "go-template=$pods"); do
      list+="${list:+,}{\"targets\":[\"${server#https://}\"],\"labels\":{\"instance\":\"${pod%:*}\","
      list+="\"__metrics_path__\":\"/api/v1/namespaces/$namespace/pods/$pod/proxy/metrics\"}}"
    done
    echo "[$list]" >"$dir/targets.new" && mv "$dir/targets.new" "$dir/targets.json"
  done
}

# usage: prometheus_credential DIR JSONPATH
prometheus_credential() { kubectl --kubeconfig "$1/kubeconfig" config view --raw -o "jsonpath=$2"; }
