# The surroundings of everything that runs inside a cluster's namespaces.
# shellcheck shell=bash

export KUBECONFIG=$GRPO_STATE/inside.kubeconfig KUBECACHEDIR=$GRPO_STATE/kube-cache HOME=/root
export PATH=$GRPO_STATE/bin:$GRPO_PROGRAMS/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
