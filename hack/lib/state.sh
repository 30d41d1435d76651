# Where a cluster keeps itself: one folder per cluster name, and whether the processes named there are alive.
# shellcheck shell=bash

GRPO_FIRST_PORT=16443
GRPO_RUN=${GRPO_RUN:-/tmp/grpo-operator}
export GRPO_RUN

# Sets GRPO_NAME and GRPO_STATE. usage: use_cluster NAME
use_cluster() {
  [[ $1 =~ ^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$ ]] ||
    fail "'$1' is no name for a cluster: up to 20 lower-case letters, digits and dashes."
  # Nodes have folders of their own at these places: a shared path there would not be shared.
  case $(realpath -m "$GRPO_RUN")/ in
    /run/* | /var/run/* | /var/log/* | /var/lib/*) fail "GRPO_RUN must not lie under /run, /var/log or /var/lib: $GRPO_RUN" ;;
  esac
  GRPO_NAME=$1
  GRPO_STATE=$(realpath -m "$GRPO_RUN")/$1
  export GRPO_NAME GRPO_STATE
}

# Runs a command while no other up or down of this cluster runs. usage: exclusively CMD…
exclusively() {
  mkdir -p "$GRPO_CACHE"
  (
    flock -n 8 || { say "waiting for another command on cluster $GRPO_NAME …" && flock 8; }
    "$@"
  ) 8>"$GRPO_CACHE/.cluster-$GRPO_NAME.lock"
}

# The host's id of the process that holds the cluster's namespaces, if it is alive and still ours.
# usage: root_pid
root_pid() {
  local pid
  read -r pid 2>/dev/null <"$GRPO_STATE/root.pid" || return 1
  # Ids are used again by the kernel: the command line tells whether it is still this cluster's.
  [[ -r /proc/$pid/cmdline ]] && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qF "cluster-init.sh $GRPO_STATE " || return 1
  printf '%s\n' "$pid"
}

# The first process inside the namespaces that a process holds. usage: first_inside PID
first_inside() {
  local child
  # The kernel ends this line without a newline, which read takes for a failure.
  read -r child _ <"/proc/$1/task/$1/children" || [[ -n $child ]]
  printf '%s\n' "$child"
}

# kubectl of the cluster, seen from the machine; what it caches of a cluster goes with the cluster.
state_kubectl() { KUBECONFIG=$GRPO_STATE/kubeconfig KUBECACHEDIR=$GRPO_STATE/kube-cache "$GRPO_STATE/bin/kubectl" "$@"; }

# Lets functions that call a plain kubectl talk to the cluster from the machine.
use_state_kubectl() {
  export KUBECONFIG=$GRPO_STATE/kubeconfig KUBECACHEDIR=$GRPO_STATE/kube-cache PATH=$GRPO_STATE/bin:$PATH
}

# Prints the first port of the machine's loopback address that no cluster has and nobody listens on, and notes it in a
# file of the cluster's folder. usage: choose_port FILE
choose_port() {
  (
    flock 7
    local port=$GRPO_FIRST_PORT
    while grep -qsx "$port" "$GRPO_STATE"/../*/{,*.}port || ss -Hltn "sport = :$port" | grep -q .; do
      port=$((port + 1))
    done
    echo "$port" | tee "$GRPO_STATE/$1"
  ) 7>"$GRPO_CACHE/.ports.lock"
}

# usage: require_up
require_up() {
  [[ -e $GRPO_STATE/ready ]] || fail "cluster $GRPO_NAME is not up: hack/cluster up --name $GRPO_NAME"
}
