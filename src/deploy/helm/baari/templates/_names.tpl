{{- define "baari.name" -}}
{{- if contains "baari" .Release.Name -}}{{ .Release.Name | trunc 63 | trimSuffix "-" }}{{- else -}}{{ printf "%s-baari" .Release.Name | trunc 63 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "baari.selector" -}}
app.kubernetes.io/name: baari
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "baari.labels" -}}
{{ include "baari.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}
