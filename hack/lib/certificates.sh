# The cluster's keys: one authority, one certificate for each part, and kubeconfig files that carry them.
# shellcheck shell=bash

# usage: make_certificates DIR NODES
make_certificates() {
  local dir=$1 nodes=$2 node
  mkdir -p "$dir"
  (
    umask 077
    cd "$dir" || exit
    new_key ca
    openssl req -x509 -new -key ca.key -days 3650 -subj /CN=grpo-operator-cluster -out ca.crt
    new_key service-accounts
    openssl pkey -in service-accounts.key -pubout -out service-accounts.pub
    certify apiserver /CN=kube-apiserver "IP:127.0.0.1,IP:$API_IP,IP:$KUBERNETES_SERVICE_IP,DNS:localhost,DNS:kubernetes,\
DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local"
    certify admin /O=system:masters/CN=admin
    certify kubelet-client /O=system:masters/CN=kube-apiserver
    certify controller-manager /CN=system:kube-controller-manager
    certify scheduler /CN=system:kube-scheduler
    for ((node = 1; node <= nodes; node++)); do
      certify "node-$node" "/O=system:nodes/CN=system:node:node-$node" "IP:$(node_ip "$node"),DNS:node-$node"
    done
  )
}

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

# usage: certify NAME SUBJECT [NAMES]
certify() {
  new_key "$1"
  openssl req -new -key "$1.key" -subj "$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -out "$1.crt" -extfile <(
    printf 'extendedKeyUsage=clientAuth,serverAuth\n'
    [[ -z ${3:-} ]] || printf 'subjectAltName=%s\n' "$3"
  )
  rm "$1.csr"
}

# usage: write_kubeconfig FILE SERVER CERTIFICATE_NAME CERTIFICATES
write_kubeconfig() {
  local file=$1 server=$2 name=$3 dir=$4
  (
    umask 077
    cat >"$file" <<YAML
apiVersion: v1
kind: Config
current-context: $GRPO_NAME
contexts: [{name: $GRPO_NAME, context: {cluster: $GRPO_NAME, user: $name}}]
clusters: [{name: $GRPO_NAME, cluster: {server: "$server", certificate-authority-data: $(base64 -w0 "$dir/ca.crt")}}]
users: [{name: $name, user: {client-certificate-data: $(base64 -w0 "$dir/$name.crt"), client-key-data: $(base64 -w0 "$dir/$name.key")}}]
YAML
  )
}
