# Control groups of the nodes: /grpo-CLUSTER-nN in every hierarchy of the machine.
# shellcheck shell=bash

node_cgroup() { echo "grpo-$GRPO_NAME-n$1"; }

# Where hierarchies are mounted: one for each controller (v1), or one for all (v2).
cgroup_mounts() { awk '$3 == "cgroup" || $3 == "cgroup2" { print $2 }' /proc/mounts; }

# usage: make_node_cgroup NODE
make_node_cgroup() {
  local mount group file controller
  while read -r mount; do
    group=$mount/$(node_cgroup "$1")
    mkdir -p "$group"
    # v1: a cpuset is of no use before it has both.
    for file in cpuset.cpus cpuset.mems; do
      [[ ! -e $mount/cgroup.controllers && -e $group/$file ]] && cat "$mount/$file" >"$group/$file"
    done
    # v2: the kubelet wants these passed on to it.
    for controller in cpu cpuset memory pids hugetlb; do
      grep -qsw "$controller" "$mount/cgroup.controllers" || continue
      echo "+$controller" >"$mount/cgroup.subtree_control"
      echo "+$controller" >"$group/cgroup.subtree_control"
    done
  done < <(cgroup_mounts)
}

# Prints the folders of this cluster's groups, of one node where it is given. usage: find_cgroups [NODE]
find_cgroups() {
  local mount
  while read -r mount; do
    find "$mount" -mindepth 1 -maxdepth 1 -type d -regex ".*/grpo-$GRPO_NAME-n${1:-[0-9]+}"
  done < <(cgroup_mounts)
}

# Removes them; processes that were killed a moment ago may still hold them. usage: remove_cgroups [NODE]
remove_cgroups() {
  local group
  while read -r group; do
    wait_until 10 remove_cgroup "$group" || say "cluster: $group could not be removed: processes are still in it"
  done < <(find_cgroups "${1:-}")
}

remove_cgroup() {
  find "$1" -depth -type d -exec rmdir {} + 2>/dev/null
  [[ ! -e $1 ]]
}
