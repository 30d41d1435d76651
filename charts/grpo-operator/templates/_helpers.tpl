{{/* The name of everything: the release's, with the chart's when it isn't in it. */}}
{{- define "grpo-operator.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Labels by which the operator's pods are found; they never change. */}}
{{- define "grpo-operator.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "grpo-operator.labels" -}}
{{ include "grpo-operator.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_") }}
{{- end -}}

{{- define "grpo-operator.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (ternary (include "grpo-operator.fullname" .) "default" .Values.serviceAccount.create) -}}
{{- end -}}

{{- define "grpo-operator.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* The subject of every binding. */}}
{{- define "grpo-operator.subjects" -}}
- kind: ServiceAccount
  name: {{ include "grpo-operator.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end -}}
