{{/* What a schema cannot say: values that do not go together, told in a sentence. */}}
{{- define "baari.checks" -}}
{{- range $name := list "GEMINI_API_KEY" "GOOGLE_API_KEY" "BAARI_GEMINI_TOKEN" "BAARI_GEMINI_TOKEN_AUTHORIZATION" "BAARI_SECRET" "BAARI_API_TOKEN" "BAARI_METRICS_TOKEN" "BAARI_RECORDS_KEY" "BAARI_RECORDS_NUMBER_KEY" "BAARI_RECORDS_S3_SECRET" "DATABASE_URL" "EXOTEL_API_KEY" "EXOTEL_API_TOKEN" -}}
{{- if hasKey $.Values.env $name -}}
{{- fail (printf "env.%s: expected a secret by reference, in existingSecret or secretEnv; found it in the values" $name) -}}
{{- end -}}
{{- end -}}
{{- range $name := list "HOST" "PORT" "BAARI_WORKERS" "BAARI_DRAIN_MS" "BAARI_RECORDS" "BAARI_AGENTS" "BAARI_PUBLIC_URL" "BAARI_TRUSTED_PROXIES" "BAARI_MAX_CALLS" "BAARI_TLS_CERT" "BAARI_TLS_KEY" "BAARI_RECORDS_S3_BUCKET" "BAARI_RECORDS_S3_ENDPOINT" "BAARI_RECORDS_S3_REGION" "BAARI_RECORDS_S3_PREFIX" -}}
{{- if hasKey $.Values.env $name -}}
{{- fail (printf "env.%s: expected the value of the chart that sets it (see values.yaml), found it in env" $name) -}}
{{- end -}}
{{- end -}}
{{- range $name, $from := .Values.secretEnv -}}
{{- if hasKey $.Values.env $name -}}
{{- fail (printf "env.%s: expected it once, found it in secretEnv too" $name) -}}
{{- end -}}
{{- end -}}
{{- if and .Values.agents .Values.agentsConfigMap -}}
{{- fail "agents: expected agent files in agents or in agentsConfigMap, found both" -}}
{{- end -}}
{{- if and .Values.records.enabled (not (or .Values.records.s3.bucket .Values.records.existingClaim)) -}}
{{- fail "records.enabled: expected records.s3.bucket or records.existingClaim, found neither: a pod's own folder fills up and goes with it" -}}
{{- end -}}
{{- if and .Values.records.s3.bucket (not .Values.records.enabled) -}}
{{- fail "records.s3.bucket: expected records.enabled: true, found false" -}}
{{- end -}}
{{- if and .Values.records.existingClaim (or .Values.autoscaling.enabled (gt (int .Values.replicas) 1)) -}}
{{- fail "records.existingClaim: expected replicas: 1 and no autoscaling, since a folder of records belongs to one pod; take workers, or PostgreSQL and S3" -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- fail (printf "autoscaling.minReplicas: expected at most maxReplicas (%d), found %d" (int .Values.autoscaling.maxReplicas) (int .Values.autoscaling.minReplicas)) -}}
{{- end -}}
{{- if and .Values.autoscaling.enabled (eq .Values.autoscaling.by "keda") (not .Values.autoscaling.keda.serverAddress) -}}
{{- fail "autoscaling.keda.serverAddress: expected the address of Prometheus, such as http://prometheus.monitoring:9090, found none" -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}
{{- fail "ingress.hosts: expected public host names, found none" -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (not .Values.existingSecret) -}}
{{- fail "existingSecret: expected the Secret that holds BAARI_METRICS_TOKEN, without which metrics are for the pod itself; found none" -}}
{{- end -}}
{{- end -}}
