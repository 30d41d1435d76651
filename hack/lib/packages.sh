# Debian packages: what is missing is installed, what is there is left alone.
# shellcheck shell=bash

# Says plainly why the local cluster cannot be on this machine.
require_debian_root() {
  local system
  # shellcheck source=/dev/null
  system=$(. /etc/os-release 2>/dev/null && printf '%s %s' "${ID:-}" "${VERSION_ID:-}")
  [[ $system == "debian 12" ]] || fail "the local cluster needs Debian 12, whose\
 Kubernetes source it builds (this is ${system:-$(uname -s)}). Use Docker with k3d, or PROVIDER=existing with a KUBECONFIG."
  ((EUID == 0)) || fail "the local cluster needs root (namespaces, mounts, cgroups): run it as root, or use Docker with k3d."
}

# Prints those of the given packages that are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || printf '%s\n' "$package"
  done
}

# usage: install_packages NAME…
install_packages() {
  local missing=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  ((EUID == 0)) || fail "these packages are missing, and only root can install them: apt-get install ${missing[*]}"
  say "installing ${missing[*]} (up to a minute) …"
  quietly "$GRPO_CACHE/logs/apt-install.log" "these packages could not be installed (is the network there?): ${missing[*]}" \
    apt_install "${missing[@]}"
}

# apt-get with package lists of our own: the machine's stay as they are, and their lock is nobody's trouble.
apt_get() {
  env DEBIAN_FRONTEND=noninteractive apt-get -o Dir::State::Lists="$GRPO_CACHE/apt/lists" -o DPkg::Lock::Timeout=300 \
    -o APT::Sandbox::User=root "$@"
}

# Two that start together fetch the lists one after the other.
apt_update() {
  mkdir -p "$GRPO_CACHE/apt/lists/partial"
  (flock 7 && apt_get update 7>&-) 7>"$GRPO_CACHE/.apt.lock"
}

apt_install() {
  apt_update && apt_get install -y --no-install-recommends "$@"
}

# Downloads packages without installing them. usage: download_packages DIR NAME…
download_packages() {
  local dir=$1
  shift
  apt_update && (cd "$dir" && apt_get download "$@")
}

# The mirror that the machine's own settings name first for the archive.
debian_mirror() {
  local mirror
  mirror=$(known_mirror)
  # apt tells only of lists that it has: a fresh machine has none.
  [[ -n $mirror ]] || { apt_update >&2 && mirror=$(known_mirror); }
  [[ -n $mirror ]] || { say "apt's settings name no mirror of Debian" && return 1; }
  printf '%s\n' "$mirror"
}

known_mirror() {
  # shellcheck disable=SC2016 # apt's variables, not the shell's
  apt_get indextargets --format '$(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "main" && $2 !~ /security/ && !found { print $2; found = 1 }'
}

# Downloads a source package of Debian 12; apt checks it against the archive's signature. usage: fetch_source NAME DIR
fetch_source() {
  local name=$1 dir=$2 mirror
  mirror=$(debian_mirror) || return
  printf 'deb-src %s bookworm main\n' "$mirror" >"$dir/source.list"
  local only=(-o Dir::Etc::sourcelist="$dir/source.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::Lists="$dir/lists")
  mkdir -p "$dir/lists/partial"
  (cd "$dir" && apt_get "${only[@]}" update && apt_get "${only[@]}" source --download-only "$name")
}
