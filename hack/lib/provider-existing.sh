# A cluster that the user brings: it is used as it is, and never changed or taken down.
# shellcheck shell=bash

existing_up() {
  local given=${KUBECONFIG:-}
  [[ -n $given && -r $given ]] || fail "PROVIDER=existing needs KUBECONFIG to name a readable file, not '$given'"
  mkdir -p "$GRPO_STATE/bin"
  record_provider existing
  link_tools "$GRPO_STATE/bin"
  ln -sf "$(realpath "$given")" "$GRPO_STATE/kubeconfig"
  : >"$GRPO_STATE/cluster.env"
  state_kubectl get --raw /readyz >/dev/null || fail "the cluster of KUBECONFIG=$given does not answer"
  touch "$GRPO_STATE/ready"
  say "using the cluster of KUBECONFIG=$given; it needs nodes with $NPU_RESOURCE and a registry for images"
}

existing_down() {
  rm -rf "$GRPO_STATE"
  say "the cluster itself stays as it is"
}

existing_status() { state_kubectl get nodes; }
existing_volumes() { fail "volumes of a cluster that is not ours are its owner's to make: it needs claims with access mode ReadWriteMany"; }
existing_shared_dir() { fail "a cluster that is not ours has no folder of this machine"; }
existing_load_image() { fail "images get to a cluster that is not ours by a registry: push them there, and name them in the job"; }
