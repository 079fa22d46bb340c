# syntax=docker/dockerfile:1

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY machines machines
COPY src src
RUN npm run build

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
# onnxruntime-node brings the binaries of five platforms, 288 MB; those of the image's own are 45 MB
RUN if [ -d node_modules/onnxruntime-node/bin ]; then \
      find node_modules/onnxruntime-node/bin -mindepth 3 -maxdepth 3 -type d \
        ! -path "*/linux/$(node -p process.arch)" -exec rm -r {} +; \
    fi

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8080
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build /app/src/cli/baari.mjs src/cli/
# the recorded speech that `baari rehearse` and `baari demo` speak with
COPY test/fixtures/speech/*.* test/fixtures/speech/
COPY package.json LICENSE ./
USER node
EXPOSE 8080
STOPSIGNAL SIGTERM
# the certificate bears the public name, not this address
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; fetch(`http${process.env.BAARI_TLS_CERT ? 's' : ''}://127.0.0.1:${process.env.PORT}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# node itself is process 1: at SIGTERM `serve` drains, BAARI_DRAIN_MS and 16 s at the longest, 35 s more while records wait for a
# store, and exits with 0
ENTRYPOINT ["node", "src/cli/baari.mjs"]
CMD ["serve"]
