# A newer server for custom resources (structural schemas, CEL rules, server-side apply), built from the library packages
# of Debian's unstable release: the cluster's own server, 1.20, knows no CEL.
# shellcheck shell=bash

CRDSERVER_GO=golang-1.26-go
CRDSERVER_SOURCE=golang-k8s-apiextensions-apiserver-dev

# Prints the folder with apiextensions-apiserver.
crdserver_binary() {
  cached crdserver "$(hash_of "$GRPO_LIB/build-crdserver.sh")" build_crdserver
}

# usage: build_crdserver OUT
build_crdserver() {
  local out=$1 root=$GRPO_CACHE/build-crdserver log=$GRPO_CACHE/logs/build-crdserver.log mirror
  require_debian_root
  install_packages mmdebstrap
  mirror=$(debian_mirror) || return
  rm -rf --one-file-system "$root"
  say "building the CRD server from Debian's unstable packages, once (about 5 minutes, 3 GB for that long) …"
  # A release that moves: where it has moved on, what was built before stays in the cache.
  quietly "$log" "the packages $CRDSERVER_GO and $CRDSERVER_SOURCE could not be fetched from Debian's unstable release" \
    mmdebstrap --mode=root --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' \
    --include="$CRDSERVER_GO,$CRDSERVER_SOURCE,ca-certificates" sid "$root" "$mirror"
  quietly "$log.go" "the CRD server could not be compiled" compile_crdserver "$root"
  dpkg-query --admindir="$root/var/lib/dpkg" -W "$CRDSERVER_GO" "$CRDSERVER_SOURCE" >"$out/built-with" &&
    mv "$root/apiextensions-apiserver" "$out/" && rm -rf --one-file-system "$root"
}

# The compiler runs in namespaces of its own, so its /proc goes with it. usage: compile_crdserver ROOT
compile_crdserver() {
  # shellcheck disable=SC2016 # expanded inside
  unshare --mount --pid --net --fork --kill-child=KILL --propagation private /bin/bash -c '
    mount -t proc proc "$0/proc" &&
      exec chroot "$0" /usr/bin/env -i HOME=/root PATH="/usr/lib/${1/golang/go}/bin:/usr/bin:/bin" GOTOOLCHAIN=local \
        GOPATH=/usr/share/gocode GOCACHE=/root/go-build GO111MODULE=off CGO_ENABLED=0 \
        go build -trimpath -ldflags "-s -w" -o /apiextensions-apiserver k8s.io/apiextensions-apiserver' "$1" "${CRDSERVER_GO%-go}"
}
