# etcd, the API server, the controller manager and the scheduler; all inside the cluster's namespaces.
# shellcheck shell=bash

ETCD=http://127.0.0.1:2379

# Who wrote what, for tests that count an operator's writes: one line a write, without bodies. Of the operator that a test
# installs by its chart (tests/Operator.E2E) reads too, so that a right that it lacks is seen.
write_audit_policy() {
  cat >"$1" <<'YAML'
apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
  users: ["system:serviceaccount:deployed:deployed-grpo-operator"]
- level: Metadata
  verbs: [create, update, patch, delete, deletecollection]
- level: None
YAML
}

run_etcd() {
  exec etcd --name=etcd --data-dir="$GRPO_STATE/etcd" --listen-client-urls="$ETCD" --advertise-client-urls="$ETCD" \
    --listen-peer-urls=http://127.0.0.1:2380 --initial-advertise-peer-urls=http://127.0.0.1:2380 \
    --initial-cluster=etcd=http://127.0.0.1:2380 --log-level=warn --unsafe-no-fsync
}

run_apiserver() {
  local keys=$GRPO_STATE/certificates
  exec "$GRPO_KUBERNETES/kube-apiserver" \
    --etcd-servers="$ETCD" --bind-address=0.0.0.0 --secure-port=443 --advertise-address="$API_IP" \
    --service-cluster-ip-range="$SERVICE_RANGE" --allow-privileged=true \
    --authorization-mode=Node,RBAC --enable-admission-plugins=NodeRestriction --enable-aggregator-routing=true \
    --client-ca-file="$keys/ca.crt" --tls-cert-file="$keys/apiserver.crt" --tls-private-key-file="$keys/apiserver.key" \
    --service-account-issuer=https://kubernetes.default.svc \
    --service-account-key-file="$keys/service-accounts.pub" --service-account-signing-key-file="$keys/service-accounts.key" \
    --kubelet-client-certificate="$keys/kubelet-client.crt" --kubelet-client-key="$keys/kubelet-client.key" \
    --kubelet-certificate-authority="$keys/ca.crt" --kubelet-preferred-address-types=InternalIP \
    --audit-policy-file="$GRPO_STATE/audit-policy.yaml" --audit-log-path="$GRPO_STATE/audit.log" --audit-log-maxsize=2000
}

# Nodes are watched closely: a dead one is NotReady after 12 s instead of 40. Claims are bound at once.
# With its default of 20 requests a second the garbage collector works for a minute on what a test of a hundred jobs leaves
# behind, and is late for the test that comes next.
run_controller_manager() {
  exec "$GRPO_KUBERNETES/kube-controller-manager" --kubeconfig="$GRPO_STATE/controller-manager.kubeconfig" \
    --leader-elect=false --use-service-account-credentials=true --bind-address=127.0.0.1 \
    --root-ca-file="$GRPO_STATE/certificates/ca.crt" \
    --service-account-private-key-file="$GRPO_STATE/certificates/service-accounts.key" \
    --node-monitor-period=2s --node-monitor-grace-period=12s --pvclaimbinder-sync-period=1s \
    --kube-api-qps=300 --kube-api-burst=600
}

run_scheduler() {
  exec "$GRPO_KUBERNETES/kube-scheduler" --kubeconfig="$GRPO_STATE/scheduler.kubeconfig" --leader-elect=false \
    --bind-address=127.0.0.1
}

api_ready() { kubectl get --raw /readyz; }

# Forgets etcd's history up to now. A watch or a list that continues from before gets a real "410 Gone" once the API
# server has no memory of it either (apiserver-restart). usage: compact_etcd (inside the cluster's namespaces)
compact_etcd() {
  local revision
  revision=$(busybox wget -qO- --post-data='{}' "$ETCD/v3/maintenance/status" | grep -o '"revision":"[0-9]*"' | grep -o '[0-9]*') &&
    busybox wget -qO- --post-data="{\"revision\":\"$revision\",\"physical\":true}" "$ETCD/v3/kv/compaction" >/dev/null &&
    echo "$revision"
}
