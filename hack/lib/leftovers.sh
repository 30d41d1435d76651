# What a cluster that is down should not have left on this machine.
# shellcheck shell=bash

# Prints one line for each thing found; fails if there is one. A cluster that is up "leaves" all of itself.
leftovers() {
  local found
  found=$(find_leftovers)
  [[ -z $found ]] || { printf '%s\n' "$found" && return 1; }
  say "nothing is left of cluster $GRPO_NAME"
}

find_leftovers() {
  local path command
  # This very command names the folder nowhere in its arguments, so a match is a process of the cluster.
  for path in /proc/[0-9]*; do
    command=$(tr '\0' ' ' 2>/dev/null <"$path/cmdline") || continue
    [[ "$command " != *"$GRPO_STATE"[/\ ]* ]] || printf 'process %s: %.120s\n' "${path#/proc/}" "$command"
  done 2>/dev/null
  awk -v state="$GRPO_STATE" 'index($5, state) == 1 { print "mount " $5 }' /proc/self/mountinfo
  find_cgroups | sed 's/^/cgroup /'
  [[ ! -e $GRPO_STATE ]] || printf 'folder %s\n' "$GRPO_STATE"
  # Names that only this cluster's network gives; they belong into its namespaces.
  ip -o link 2>/dev/null | awk -F': ' '$2 ~ /^(nodes|node-[0-9]+@.*|pods)$/ { print "interface " $2 }'
  if command -v iptables-save >/dev/null; then
    iptables-save 2>/dev/null | grep -E '^-A.*(172\.30\.0\.|10\.244\.|10\.96\.0\.|KUBE-)' | sed 's/^/iptables rule /'
  fi
  for path in /var/lib/kubelet /var/lib/cni /run/netns /run/containerd /run/runc /opt/containerd; do
    # A folder that somebody else uses is his; ours would lie there empty.
    [[ ! -d $path || -n $(ls -A "$path") ]] || printf 'empty folder %s\n' "$path"
  done
}
