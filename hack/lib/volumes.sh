# Shared storage: static volumes that every node mounts from one folder of the machine (RWX, as a file server's would be).
# shellcheck shell=bash

VOLUME_SIZE=1Ti

# usage: common_volumes NAMESPACE [CLAIM…]
common_volumes() {
  local namespace=${1:?"volumes needs a namespace"} claim
  shift
  (($#)) || set -- weights data
  state_kubectl get namespace "$namespace" >/dev/null 2>&1 || state_kubectl create namespace "$namespace"
  for claim in "$@"; do
    make_volume "$namespace" "$claim"
  done
  state_kubectl wait --namespace "$namespace" --for='jsonpath={.status.phase}=Bound' --timeout=60s "${@/#/persistentvolumeclaim/}"
}

# usage: make_volume NAMESPACE CLAIM
make_volume() {
  local namespace=$1 claim=$2 volume=$1-$2 folder=$GRPO_STATE/shared/$1/$2 phase
  # Whoever the pods run as, they may write.
  mkdir -p "$folder" && chmod 1777 "$folder"
  # A volume whose claim was deleted is never bound again; its files stay.
  phase=$(state_kubectl get persistentvolume "$volume" -o 'jsonpath={.status.phase}' 2>/dev/null || true)
  [[ $phase != Released && $phase != Failed ]] || state_kubectl delete persistentvolume "$volume"
  state_kubectl apply -f - <<YAML
apiVersion: v1
kind: PersistentVolume
metadata: {name: "$volume"}
spec:
  capacity: {storage: $VOLUME_SIZE}
  accessModes: [ReadWriteMany]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: ""
  claimRef: {namespace: "$namespace", name: "$claim"}
  hostPath: {path: "$folder", type: Directory}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {namespace: "$namespace", name: "$claim"}
spec:
  accessModes: [ReadWriteMany]
  storageClassName: ""
  volumeName: "$volume"
  resources: {requests: {storage: $VOLUME_SIZE}}
YAML
}
