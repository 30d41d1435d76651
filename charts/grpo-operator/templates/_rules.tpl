{{/* What the operator does to jobs and their children: in all namespaces, or in each watched one. */}}
{{- define "grpo-operator.jobRules" -}}
- apiGroups: [grpo-operator.dev]
  resources: [grpotrainingjobs]
  # Deleted only by their own ttlSecondsAfterFinished.
  verbs: [get, list, watch, delete]
- apiGroups: [grpo-operator.dev]
  resources: [grpotrainingjobs/status]
  verbs: [patch]
# Children are made and removed; of two kinds one field is changed: the StatefulSet's seal, the Service's selector.
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, delete]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, delete]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create]
{{- if .Values.volcano.podGroups }}
# Their StatefulSet owns them, and takes them with it.
- apiGroups: [scheduling.volcano.sh]
  resources: [podgroups]
  verbs: [create]
{{- end }}
# Pods are never made; one that hangs on a dead node is removed by force.
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, delete]
- apiGroups: [""]
  resources: [pods/log]
  verbs: [get]
# Their access modes: pods on several nodes can't share every claim.
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get]
- apiGroups: [""]
  resources: [events]
  verbs: [get, list, watch, create, patch]
{{- end -}}

{{/* What it reads in the whole cluster. Which kinds are served, e.g. Volcano's, every account may ask. */}}
{{- define "grpo-operator.nodeRules" -}}
- apiGroups: [""]
  resources: [nodes]
  verbs: [get, list, watch]
{{- end -}}
