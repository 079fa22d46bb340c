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

{{- define "baari.agentsConfigMap" -}}
{{- if .Values.agentsConfigMap -}}{{ .Values.agentsConfigMap }}{{- else if .Values.agents -}}{{ include "baari.name" . }}-agents{{- end -}}
{{- end -}}

{{/* Live calls of a pod at which another is started. */}}
{{- define "baari.callsPerPod" -}}
{{- max 1 (div (mul (int .Values.workers) (int .Values.capacity.callsPerProcess) (int .Values.autoscaling.targetPercent)) 100) -}}
{{- end -}}

{{/* A core and its memory for each process, with a quarter to spare; twice that is the end. */}}
{{- define "baari.resources" -}}
{{- if .Values.resources -}}
{{- toYaml .Values.resources -}}
{{- else -}}
{{- $process := addf .Values.capacity.processMb (mulf .Values.capacity.callMb .Values.capacity.callsPerProcess) -}}
{{- $mebibytes := ceil (mulf .Values.workers $process 1.25) -}}
requests:
  cpu: {{ .Values.workers | quote }}
  memory: {{ printf "%.0fMi" $mebibytes }}
limits:
  memory: {{ printf "%.0fMi" (mulf $mebibytes 2) }}
{{- end -}}
{{- end -}}
