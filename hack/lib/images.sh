# Container images without a registry: archives made here, imported into each node.
# shellcheck shell=bash

PAUSE_IMAGE=docker.io/grpo/pause:1
BUSYBOX_IMAGE=docker.io/grpo/busybox:1

# Prints the folder with pause.tar and busybox.tar. usage: base_images PROGRAMS
base_images() {
  cached images-base "$(hash_of "$GRPO_LIB/images.sh" "$GRPO_LIB/programs.sh")" make_base_images "$1"
}

# usage: make_base_images OUT PROGRAMS
make_base_images() {
  local out=$1 programs=$2 root=$1/root applet
  mkdir -p "$root/bin" "$root/tmp" && chmod 1777 "$root/tmp" || return
  cp "$programs/bin/busybox" "$root/bin/busybox" || return
  # The sandbox container only has to stay; it is ended by SIGKILL.
  pack_image "$root" "$out/pause.tar" "$PAUSE_IMAGE" '{"Cmd":["/bin/busybox","sleep","2147483647"]}' || return
  while read -r applet; do
    # Its own name is in its list: a link over it would point to itself.
    [[ $applet == busybox ]] || ln -s busybox "$root/bin/$applet" || return
  done < <("$root/bin/busybox" --list)
  mkdir -p "$root/etc" && printf 'root:x:0:0:root:/:/bin/sh\n' >"$root/etc/passwd" || return
  pack_image "$root" "$out/busybox.tar" "$BUSYBOX_IMAGE" '{"Env":["PATH=/bin"],"Cmd":["/bin/sh"]}' && rm -rf "$root"
}

# Packs a folder as an image of one layer in the format of "docker save"; the same folder gives the same bytes. CONFIG is what
# its containers get: {"Entrypoint":[…],"Cmd":[…],"Env":[…],"User":…}. usage: pack_image ROOT ARCHIVE NAME CONFIG
pack_image() {
  local root=$1 archive=$2 name=$3 container=$4 work=$2.work layer
  local tar=(tar --sort=name --format=gnu --mtime=@0 --owner=0 --group=0 --numeric-owner)
  rm -rf "$work" && mkdir -p "$work" && "${tar[@]}" -C "$root" -cf "$work/layer.tar" . || return
  layer=$(sha256sum <"$work/layer.tar")
  printf '{"architecture":"%s","os":"linux","created":"1970-01-01T00:00:00Z","config":%s,' \
    "$(image_architecture)" "$container" >"$work/config.json"
  printf '"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}' \
    "${layer%% *}" >>"$work/config.json"
  printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "${name#docker.io/}" >"$work/manifest.json"
  # A half-written archive never has the final name.
  "${tar[@]}" -C "$work" -cf "$archive.tmp" manifest.json config.json layer.tar && mv "$archive.tmp" "$archive" && rm -rf "$work"
}

image_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
  esac
}
