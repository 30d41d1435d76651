{{/* The operator's command line; lists are joined by commas. */}}
{{- define "grpo-operator.args" -}}
- run
- --log-level={{ .Values.logLevel }}
- --metrics-port={{ .Values.metrics.port }}
{{- with .Values.watchNamespaces }}
- --namespaces={{ join "," . }}
{{- end }}
- --leader-elect=true
- --lease-namespace={{ .Release.Namespace }}
- --lease-name={{ include "grpo-operator.fullname" . }}
- --lease-duration={{ .Values.leaderElection.leaseDuration }}
- --renew-deadline={{ .Values.leaderElection.renewDeadline }}
- --retry-period={{ .Values.leaderElection.retryPeriod }}
- --node-access={{ .Values.nodeAccess }}
- --network-policy={{ .Values.networkPolicy }}
- --volcano-pod-groups={{ .Values.volcano.podGroups }}
{{- with .Values.allowed }}
- --allow-host-network={{ .hostNetwork }}
- --allow-run-as-root={{ .runAsRoot }}
- --allow-setup={{ .setup }}
{{- if .privileged }}
- --allow-privileged=true
{{- end }}
{{- with .hostPaths }}
- --allow-host-paths={{ join "," . }}
{{- end }}
{{- with .capabilities }}
- --allow-capabilities={{ join "," . }}
{{- end }}
{{- with .serviceAccounts }}
- --allow-service-accounts={{ join "," . }}
{{- end }}
{{- end }}
{{- range .Values.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end -}}

{{/* Times that don't fit together would let two lead at once; the schema can't compare values. */}}
{{- define "grpo-operator.checkTimes" -}}
{{- with .Values.leaderElection -}}
{{- if ge (int .renewDeadline) (int .leaseDuration) -}}
{{- fail "leaderElection.renewDeadline must be shorter than leaderElection.leaseDuration, or two could lead at once" -}}
{{- end -}}
{{- if ge (mulf .retryPeriod 1.2) (float64 .renewDeadline) -}}
{{- fail "leaderElection.retryPeriod must be shorter than leaderElection.renewDeadline / 1.2, or one missed try ends the leader" -}}
{{- end -}}
{{- end -}}
{{- end -}}
