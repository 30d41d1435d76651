# Programs that the local cluster runs.
# shellcheck shell=bash

# Installed as packages: they need their libraries, and start nothing.
# shellcheck disable=SC2034 # read by the provider
LOCAL_PACKAGES=(iproute2 socat dnsmasq-base openssl util-linux procps)

# Only the programs are taken out of these: installed, etcd and containerd would start as services of the machine.
EXTRACTED_PACKAGES=(etcd-server containerd runc containernetworking-plugins busybox-static)

# Prints the folder with bin/ (etcd, containerd, ctr, runc, busybox …) and cni/.
local_programs() {
  cached programs "$(hash_of "$GRPO_LIB/programs.sh")" extract_programs
}

# usage: extract_programs OUT
extract_programs() {
  local out=$1 work=$1/work package
  mkdir -p "$work" "$out/bin"
  say "fetching ${EXTRACTED_PACKAGES[*]} (some seconds) …"
  quietly "$GRPO_CACHE/logs/programs.log" "packages could not be fetched: is the network there?" \
    download_packages "$work" "${EXTRACTED_PACKAGES[@]}" || return
  for package in "$work"/*.deb; do
    dpkg-deb -x "$package" "$work/root" || return
  done
  cp -a "$work"/root/usr/bin/{etcd,containerd,containerd-shim-runc-v2,ctr} "$work"/root/usr/sbin/runc "$out/bin/" &&
    cp -a "$work/root/bin/busybox" "$out/bin/" &&
    cp -aL "$work/root/usr/lib/cni" "$out/cni" &&
    rm -rf "$work"
}
