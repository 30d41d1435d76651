# Fake NPUs: an extended resource in each node's status, as a device plugin would report it.
# shellcheck shell=bash

NPU_RESOURCE=huawei.com/Ascend910
NPUS_PER_NODE=16

# Sets the resource for ever again: a kubelet that starts anew may report a node without it.
# usage: follow_npus [LABEL_SELECTOR]
follow_npus() {
  local template='{{.metadata.name}} {{with index .status "capacity"}}{{with index . "'$NPU_RESOURCE'"}}{{.}}{{end}}{{end}}{{"\n"}}' name count
  while :; do
    while read -r name count; do
      [[ $count == "$NPUS_PER_NODE" ]] || set_npus "$name"
    done < <(kubectl get nodes --selector="${1:-}" --watch -o "go-template=$template")
    sleep 0.5
  done
}

set_npus() {
  kubectl patch node "$1" --subresource=status --type=merge \
    -p "{\"status\":{\"capacity\":{\"$NPU_RESOURCE\":\"$NPUS_PER_NODE\"}}}"
}

# Succeeds when each of that many nodes is ready and offers its NPUs. usage: nodes_ready COUNT [LABEL_SELECTOR]
nodes_ready() {
  local ready template
  # shellcheck disable=SC2016 # the template's variables, not the shell's
  template='{{range .items}}{{$npus := index .status.allocatable "'$NPU_RESOURCE'"}}{{range .status.conditions}}'
  # shellcheck disable=SC2016
  template+='{{if and (eq .type "Ready") (eq .status "True") (eq $npus "'$NPUS_PER_NODE'")}}x{{end}}{{end}}{{end}}'
  ready=$(kubectl get nodes --selector="${2:-}" -o "go-template=$template") && ((${#ready} == $1))
}
