# Which kind of cluster: chosen at up, remembered in the cluster's folder.
# shellcheck shell=bash

# Prints local, k3d or existing.
choose_provider() {
  local given=${PROVIDER:-}
  if [[ -n $given ]]; then
    [[ $given =~ ^(local|k3d|existing)$ ]] || fail "PROVIDER must be local, k3d or existing, not '$given'"
    echo "$given"
  elif [[ -n ${KUBECONFIG:-} && $(realpath -m "$KUBECONFIG") != "$(realpath -m "$GRPO_RUN")"/* ]]; then
    echo existing
  elif command -v k3d >/dev/null && docker info >/dev/null 2>&1; then
    echo k3d
  else
    echo local
  fi
}

provider_up() {
  local provider
  provider=$(recorded_provider || choose_provider)
  [[ ${PROVIDER:-$provider} == "$provider" ]] ||
    fail "cluster $GRPO_NAME is of the kind '$provider', not '$PROVIDER': take it down first, or choose another --name"
  "${provider}_up" "$1"
}

# What up would fetch and build, without a cluster: for a start while something else is built.
provider_prepare() {
  local provider
  provider=$(recorded_provider || choose_provider)
  if declare -F "${provider}_prepare" >/dev/null; then "${provider}_prepare"; else tool_paths >/dev/null; fi
}

recorded_provider() { cat "$GRPO_STATE/provider" 2>/dev/null; }

# Called as soon as there is something to take down. usage: record_provider PROVIDER
record_provider() { echo "$1" >"$GRPO_STATE/provider"; }

# Without a record nothing was begun; taking down nothing does no harm.
provider_down() {
  local provider
  provider=$(recorded_provider || choose_provider)
  "${provider}_down"
  say "cluster $GRPO_NAME is down"
}

# usage: provider_command COMMAND ARG…
provider_command() {
  local command=${1//-/_} provider
  shift
  require_up
  provider=$(recorded_provider)
  # shellcheck source=/dev/null
  . "$GRPO_STATE/cluster.env"
  if declare -F "${provider}_$command" >/dev/null; then
    "${provider}_$command" "$@"
  elif declare -F "common_$command" >/dev/null; then
    "common_$command" "$@"
  else
    fail "a cluster of the kind '$provider' cannot do ${command//_/-}: it is not ours to break"
  fi
}

common_env() {
  printf 'export KUBECONFIG=%q KUBECACHEDIR=%q\n' "$GRPO_STATE/kubeconfig" "$GRPO_STATE/kube-cache"
  # shellcheck disable=SC2016 # expanded by the reader
  printf 'export PATH=%q:"$PATH"\n' "$GRPO_STATE/bin"
}

common_shared_dir() { echo "$GRPO_STATE/shared"; }
