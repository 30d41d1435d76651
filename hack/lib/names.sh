# Names of Services and of StatefulSet pods: a dnsmasq whose host files follow the Endpoints objects.
# An ordinary Service's name gives its pods' addresses (there is no kube-proxy behind its own address).
# shellcheck shell=bash

run_dns() {
  exec dnsmasq --keep-in-foreground --conf-file=/dev/null --pid-file= --user=root --log-facility=- \
    --bind-interfaces --listen-address="$DNS_IP" --no-resolv --no-hosts --bogus-priv --cache-size=0 --local-ttl=1 \
    --address=/#/ --host-record=kubernetes.default.svc.cluster.local,"$KUBERNETES_SERVICE_IP" \
    --hostsdir="$GRPO_STATE/names"
}

# One line an event: its type, the object's name, then HOSTNAME=IP for each address ("=IP" for a pod without one).
NAMES_OF_OBJECT='{{.metadata.namespace}} {{.metadata.name}}{{range .subsets}}{{range .addresses}} {{with .hostname}}{{.}}{{end}}={{.ip}}{{end}}{{end}}{{"\n"}}'

# Follows the Endpoints objects for ever. usage: follow_names
follow_names() {
  local template="{{.type}} {{with .object}}$NAMES_OF_OBJECT{{end}}" type namespace name addresses
  while :; do
    forget_gone_names
    # A watch ends after half an hour or with the API server; the next one begins with a list of all.
    while read -r type namespace name addresses; do
      case $type in
        ADDED | MODIFIED) write_names "$namespace" "$name" "$addresses" ;;
        DELETED) rm -f "$GRPO_STATE/names/$namespace.$name" ;;
      esac
    done < <(kubectl get endpoints --all-namespaces --watch --output-watch-events -o "go-template=$template")
    sleep 0.5
  done
}

# usage: write_names NAMESPACE NAME ADDRESSES
write_names() {
  local file=$GRPO_STATE/names/$1.$2 service=$2.$1.svc.cluster.local address host
  [[ $1/$2 != default/kubernetes ]] || return 0
  if [[ -z $3 ]]; then
    rm -f "$file"
    return
  fi
  for address in $3; do
    # The first name of a line is what the address resolves back to.
    host=${address%%=*}
    printf '%s %s%s\n' "${address#*=}" "${host:+$host.$service }" "$service"
  done >"$GRPO_STATE/names-new"
  # dnsmasq must never read half a file, and reads what appears in its folder.
  mv "$GRPO_STATE/names-new" "$file"
}

# Objects that went while nobody watched.
forget_gone_names() {
  local known file
  known=$(kubectl get endpoints --all-namespaces -o 'go-template={{range .items}} {{.metadata.namespace}}.{{.metadata.name}} {{end}}') || return 0
  for file in "$GRPO_STATE"/names/*; do
    [[ ! -e $file || $known == *" ${file##*/} "* ]] || rm -f "$file"
  done
}
