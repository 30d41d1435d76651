# What "hack/test" runs, in order. A stage appears here when what it tests is in the tree.
# shellcheck shell=bash

# Whether a cluster is up, or on its way: it goes down at the end.
cluster_started=false

# Test projects that need a cluster, and those that are no tests.
CLUSTER_PROJECTS=(KubeRuntime.Tests Operator.IntegrationTests Operator.E2E)
# The image's own name, see hack/image/operator.
OPERATOR_IMAGE=docker.io/grpo/grpo-operator:dev
OTHER_PROJECTS=(Operator.Benchmarks Operator.Cluster)
# Computes for minutes, see hack/test.
PATIENT_PROJECT=Simulation

run_prerequisites() { stage prerequisites no_count install_prerequisites; }

# What a fresh machine with the .NET SDK lacks.
install_prerequisites() {
  command -v dotnet || { echo "the .NET SDK 10 is missing" && return 1; }
  command -v python3 || install_packages python3-minimal python3 || return
  command -v git || install_packages git || return
  command -v shellcheck || install_packages shellcheck || return
  # kubectl and helm, where the chart's tests find them.
  rm -rf artifacts/tools && link_tools "$PWD/artifacts/tools"
}

run_format() { stage format no_count check_format; }
run_build() { stage build no_count dotnet build Operator.sln -m:2 -v:quiet; }

# White space, then the order of usings. What else "dotnet format" checks, rules of style and analyzers, are errors of the
# build: they needn't be computed twice.
check_format() {
  dotnet format whitespace Operator.sln --verify-no-changes &&
    dotnet format style Operator.sln --diagnostics IDE0055 --verify-no-changes
}

# Test projects that run by themselves, each in one line.
run_unit() {
  local project
  for project in tests/*/*.csproj; do
    project=$(basename "$project" .csproj)
    [[ " $(cluster_projects) ${OTHER_PROJECTS[*]} $PATIENT_PROJECT " == *" $project "* ]] || stage "$project" count_mtp dotnet_tests "$project"
  done
}

run_simulation() {
  wanted unit || return 0
  ! $FULL || export SIM_HISTORIES=${SIM_HISTORIES:-100000}
  stage "$PATIENT_PROJECT" count_mtp patiently dotnet_tests "$PATIENT_PROJECT"
}

# Behind everything else that wants a core. usage: patiently CMD…
patiently() {
  renice -n 19 -p "$BASHPID" >/dev/null
  "$@"
}

# Whether the tests of decisions notice when a decision is another one. Beside the cluster's tests, as the simulation is.
run_mutation() {
  wanted mutation || return 0
  stage mutation count_mutation patiently mutate_decisions
  grep -h -o ' mutation score is [0-9.]* *%' "$LOGS/mutation.log"
}

# Builds in a place of its own: what other stages run stays what was built. The report is artifacts/mutation/reports.
mutate_decisions() {
  local out=$PWD/artifacts/mutation
  dotnet tool restore && cd tests/Training.Tests || return
  # Stryker gives up when "dotnet --info" takes ten seconds, which it may behind everything else.
  export ArtifactsPath=$out/build/ OnlyDecisions=true RunAnalyzers=false DOTNET_INFO_WAIT_TIME=120000
  dotnet stryker --skip-version-check --break-at 90 --output "$out"
}

# Prints the names of the projects that need a cluster: the CRD's tests among them where they get a server that knows CEL.
cluster_projects() {
  ! $FULL || printf 'Crds.Tests '
  printf '%s' "${CLUSTER_PROJECTS[*]}"
}

# usage: dotnet_tests PROJECT
dotnet_tests() {
  local module=artifacts/bin/$1/debug/GrpoOperator.$1.dll
  [[ -e $module ]] || { echo "$module is not built" && return 1; }
  dotnet test --test-modules "$module" --no-ansi --no-progress --timeout 60m "${DOTNET_FILTER[@]}"
}

run_launcher() { python_tests launcher tests/Launcher; }
run_standin() { python_tests standin tests/images/verl-standin/tests; }

# usage: python_tests NAME FOLDER
python_tests() {
  [[ ! -d $2 ]] || stage "$1" count_unittest python3 -B -m unittest discover -v -s "$2" -t "$2"
}

# The tests of the scripts under hack.
run_scripts() {
  local script
  for script in tests/hack/*; do
    [[ ! -x $script ]] || stage "hack/${script##*/}" count_script "$script"
  done
}

# What hack/cluster promises, on clusters of its own.
run_cluster_scripts() {
  local script
  if ! $FULL || ! cluster_possible; then return; fi
  for script in tests/cluster/*.sh; do
    head -n 1 "$script" | grep -q bash && [[ -x $script ]] && stage "cluster/${script##*/}" count_script "$script"
  done
}

# The cluster and the images on it, for the tests that follow.
run_prepare() {
  $cluster_started || return 0
  stage cluster-up no_count showing_progress hack/cluster up --name "$CLUSTER"
  stage stand-in-image no_count load_image hack/image/standin
  stage operator-image no_count showing_progress load_image hack/image/operator
}

# Everything that needs a cluster.
run_cluster() {
  local projects=() project
  for project in $(cluster_projects); do
    [[ ! -e tests/$project/$project.csproj ]] || projects+=("$project")
  done
  use_cluster "${projects[@]}" || return 0
  # Only a cluster of namespaces has such a server beside it; elsewhere the tests that need it are skipped, and say so.
  if $FULL && [[ $(cat "${KUBECONFIG%/*}/provider") == local ]]; then
    stage crd-server no_count showing_progress hack/cluster crdserver start --name "$CLUSTER"
    eval "$(hack/cluster crdserver env --name "$CLUSTER")"
    export PLAIN_CRD_KUBECONFIG=$KUBECONFIG
  fi
  # One after the other: they share two cores and the API server, which the runtime's own tests stop.
  run_projects "${projects[@]}"
}

# Figures, by themselves: nothing runs beside what is measured.
run_bench() {
  # shellcheck disable=SC2034 # read by dotnet_tests
  local DOTNET_FILTER=(--output Detailed --show-live-output on)
  use_cluster Operator.Benchmarks || return 0
  run_projects Operator.Benchmarks
  grep -h ' restarts of ' "$LOGS/Operator.Benchmarks.log"
}

# Gives tests the cluster, or skips them where there is none. usage: use_cluster PROJECT…
use_cluster() {
  local project
  if ! $cluster_started; then
    for project in "$@"; do
      skip_stage "$project" "$(count_listed "$project")" \
        "no cluster here: it needs root on Debian 12, or Docker with k3d, or a cluster's KUBECONFIG"
    done
    return 1
  fi
  eval "$(hack/cluster env --name "$CLUSTER")"
  export GRPO_TEST_OPERATOR_IMAGE=$OPERATOR_IMAGE
  export GRPO_TEST_KUBECONFIG=$KUBECONFIG GRPO_TEST_CLUSTER=$CLUSTER
}

# usage: run_projects PROJECT…
run_projects() {
  local project
  for project in "$@"; do
    stage "$project" count_mtp dotnet_tests "$project"
  done
}

# Builds an image, or takes it from the cache, and puts it on every node. usage: load_image SCRIPT
load_image() {
  local archive
  archive=$("$1") && hack/cluster load-image "$archive" --name "$CLUSTER"
}

cluster_possible() {
  [[ -n ${KUBECONFIG:-} || $EUID == 0 && $(. /etc/os-release && echo "$ID $VERSION_ID") == "debian 12" ]] ||
    { command -v k3d && docker info; } >/dev/null 2>&1
}

# Some steps take minutes the first time: what they say about it is seen at once. File 3 is hack/test's own output.
showing_progress() { "$@" 2> >(tee >(sed -u 's/^/  | /' >&3)); }

# usage: count_listed PROJECT
count_listed() {
  dotnet test --test-modules "artifacts/bin/$1/debug/GrpoOperator.$1.dll" --list-tests --no-ansi "${DOTNET_FILTER[@]}" |
    grep -c '^  '
}
