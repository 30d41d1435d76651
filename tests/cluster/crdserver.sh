#!/usr/bin/env bash
# The newer CRD server beside a cluster: CEL rules hold. Ends with "N passed, N failed".
# usage: tests/cluster/crdserver.sh [CLUSTER_NAME]
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/cluster/checks.sh
. "$here/checks.sh"
name=${1:-smoke}
unset KUBECONFIG
definitions=/apis/apiextensions.k8s.io/v1/customresourcedefinitions

cluster() { "$here/../../hack/cluster" "$@" --name "$name"; }
# It has no discovery, so it is talked to by path. usage: post PATH (the object on stdin)
post() { kubectl --kubeconfig="$CRDSERVER_KUBECONFIG" create --raw "$1" -f -; }
get() { kubectl --kubeconfig="$CRDSERVER_KUBECONFIG" get --raw "$1"; }

# usage: definition RULE
definition() {
  cat <<JSON
{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"batches.test.example"},
"spec":{"group":"test.example","scope":"Namespaced","names":{"plural":"batches","singular":"batch","kind":"Batch","listKind":"BatchList"},
"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",
"required":["mini"],"properties":{"mini":{"type":"integer"},"micro":{"type":"integer","default":2}},
"x-kubernetes-validations":[{"rule":"$1","message":"mini must be a multiple of micro"}]}}}}}]}}
JSON
}
# usage: batch NAME MINI
batch() { printf '{"apiVersion":"test.example/v1","kind":"Batch","metadata":{"name":"%s"},"spec":{"mini":%s}}' "$1" "$2"; }
post_batch() { batch "$1" "$2" | post /apis/test.example/v1/namespaces/default/batches; }
post_definition() { definition "$1" | post "$definitions"; }

cluster down 2>/dev/null
check "up, without nodes" cluster up --nodes 0
check "the CRD server starts" cluster crdserver start
check "once" cluster crdserver start
((failed == 0)) || { finish; exit 1; }
eval "$(cluster env)"
eval "$(cluster crdserver env)"
check "a rule that does not compile is refused" prints 'undeclared reference' post_definition 'self.nothing % nowhere == 0'
check "a good one is taken" post_definition 'self.mini % self.micro == 0'
check "and kept" prints 'x-kubernetes-validations' get "$definitions/batches.test.example"
check "an object that keeps the rule" eventually 10 post_batch good 4
check "has its default" prints '"micro":2' get /apis/test.example/v1/namespaces/default/batches/good
check "one that breaks it is refused with its message" prints 'mini must be a multiple of micro' post_batch bad 5
check "the 1.20 server knows nothing of it" fails kubectl get --raw /apis/test.example/v1
check "it stops" cluster crdserver stop
check "and starts again" cluster crdserver start
check "with what it had" get /apis/test.example/v1/namespaces/default/batches/good
check "down" cluster down
check "leaves nothing" cluster leftovers
finish
