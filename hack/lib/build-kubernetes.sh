# The Kubernetes servers, built from Debian 12's source package: the only complete server source in Debian.
# shellcheck shell=bash

KUBERNETES_VERSION=1.20.2
KUBERNETES_BUILD_PACKAGES=(golang-go golang-github-modern-go-reflect2-dev)

# Prints the folder that holds kube-apiserver, kube-controller-manager, kube-scheduler and kubelet.
kubernetes_binaries() {
  cached kubernetes "$(hash_of "$GRPO_LIB/build-kubernetes.sh")" build_kubernetes
}

# usage: build_kubernetes OUT
build_kubernetes() {
  local out=$1 work=$GRPO_CACHE/build-kubernetes log=$GRPO_CACHE/logs/build-kubernetes.log
  # The compiler's cache in the work folder outlives an interrupted build; the tree is laid anew.
  local tree=$work/gopath/src/k8s.io/kubernetes
  install_packages "${KUBERNETES_BUILD_PACKAGES[@]}"
  rm -rf "$work/gopath" "$work/source"
  mkdir -p "$tree" "$work/source" || return
  say "building Kubernetes $KUBERNETES_VERSION from Debian's source, once (about 5 minutes with two cores) …"
  quietly "$log.source" "the source package kubernetes could not be fetched" fetch_source kubernetes "$work/source"
  tar -xzf "$work"/source/kubernetes_*.orig.tar.gz --strip-components=1 -C "$tree" || return
  write_overlay "$tree" "$work" || return
  quietly "$log.openapi" "the OpenAPI definitions could not be generated" generate_openapi "$tree" "$work"
  quietly "$log" "Kubernetes could not be compiled" compile_kubernetes "$tree" "$work" "$out"
  dpkg-query -W "${KUBERNETES_BUILD_PACKAGES[@]}" >"$out/built-with"
  rm -rf "$work"
}

# Runs a command with a Go set up for this build only, whatever the user's own settings. usage: go_in WORK CMD…
go_in() {
  local work=$1
  shift
  env -u GOFLAGS GOENV=off GO111MODULE=off CGO_ENABLED=0 GOPATH="$work/gopath" GOCACHE="$work/gocache" \
    GOROOT="$(GOENV=off go env GOROOT)" "$@"
}

# Changes to the source, laid over it for the compiler only:
# - modern-go/reflect2 of 2021 crashes with Go 1.19 when the first custom resource is served: Debian's newer one instead;
# - cAdvisor and the kubelet ask a cloud's metadata address at every start (9 s lost, and traffic off the machine).
write_overlay() {
  local tree=$1 work=$2 new=/usr/share/gocode/src/github.com/modern-go/reflect2
  local old=$tree/vendor/github.com/modern-go/reflect2
  local cadvisor=$tree/pkg/kubelet/cadvisor/cadvisor_linux.go plugins=$tree/cmd/kubelet/app/plugins.go
  mkdir -p "$work/overlay"
  sed '/cadvisor\/utils\/cloudinfo\//d' "$cadvisor" >"$work/overlay/cadvisor_linux.go"
  sed '/credentialprovider\/aws"/d' "$plugins" >"$work/overlay/plugins.go"
  {
    printf '{"Replace":{\n"%s":"%s",\n"%s":"%s"' \
      "$cadvisor" "$work/overlay/cadvisor_linux.go" "$plugins" "$work/overlay/plugins.go"
    local file
    for file in "$new"/*.go "$new"/*.s; do
      printf ',\n"%s":"%s"' "$old/${file##*/}" "$file"
    done
    for file in "$old"/*.go "$old"/*.s; do
      [[ -e $new/${file##*/} ]] || printf ',\n"%s":""' "$file"
    done
    printf '}}\n'
  } >"$work/overlay.json"
}

# pkg/generated/openapi is not in the source package; server-side apply and kubectl's validation come from it.
generate_openapi() {
  local tree=$1 work=$2 inputs
  cd "$tree" || return
  # vendor/k8s.io/* are links into staging, which grep does not follow.
  inputs=$(grep -rl --include='*.go' '+k8s:openapi-gen=' pkg cmd staging/src/k8s.io |
    grep -v -e _test.go -e /code-generator/ -e /sample-apiserver/ | xargs -n1 dirname | sort -u |
    sed -e 's,^staging/src/,vendor/,' -e 's,^,k8s.io/kubernetes/,' | paste -sd,)
  # Without -trimpath: the generator looks its own GOROOT up.
  go_in "$work" go build -o "$work/openapi-gen" k8s.io/kubernetes/vendor/k8s.io/kube-openapi/cmd/openapi-gen &&
    go_in "$work" "$work/openapi-gen" --logtostderr -i "$inputs" -p k8s.io/kubernetes/pkg/generated/openapi \
      -O zz_generated.openapi -h hack/boilerplate/boilerplate.generatego.txt -r "$work/openapi-violations" &&
    test -s pkg/generated/openapi/zz_generated.openapi.go
}

compile_kubernetes() {
  local tree=$1 work=$2 out=$3 flags='-s -w' package
  # Two packages carry the version: component-base's is what --version prints, client-go's what GET /version answers.
  for package in component-base/version client-go/pkg/version; do
    flags+=" -X k8s.io/kubernetes/vendor/k8s.io/$package.gitVersion=v$KUBERNETES_VERSION"
    flags+=" -X k8s.io/kubernetes/vendor/k8s.io/$package.gitMajor=1 -X k8s.io/kubernetes/vendor/k8s.io/$package.gitMinor=20"
    flags+=" -X k8s.io/kubernetes/vendor/k8s.io/$package.gitTreeState=clean"
  done
  cd "$tree" || return
  # One command: both cores stay busy and the links overlap. The tags leave out clouds and the Docker shim.
  go_in "$work" go build -trimpath -overlay "$work/overlay.json" -tags providerless,dockerless -ldflags "$flags" -o "$out/" \
    ./cmd/kube-apiserver ./cmd/kube-controller-manager ./cmd/kube-scheduler ./cmd/kubelet
}
