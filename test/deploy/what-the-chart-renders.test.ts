import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fastify from 'fastify';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { recordsStopMs } from '../../src/cli/records.ts';
import { Metrics } from '../../src/observe/index.ts';
import { serveMetrics } from '../../src/server/metrics-route.ts';
import { TestService } from '../helpers/service.ts';
import { hasHelm, type Manifest, manifestsOf, render, runHelm, templates, valuesFiles } from './chart.ts';

describe('what the templates name is there', () => {
  const named = (pattern: RegExp): string[] => [
    ...new Set([...templates.matchAll(pattern)].map(([, found]) => found ?? '')),
  ];

  it('the addresses of the probes answer with 200', async () => {
    await using service = await TestService.start();
    const paths = named(/httpGet: \{ path: (\S+),/g);
    expect(paths).toEqual(['/readyz', '/healthz']);
    for (const path of paths) expect((await fetch(service.base + path)).status).toBe(200);
  });

  it('the address of the metrics is the one that they are served at', async () => {
    const http = fastify();
    serveMetrics(http, { metrics: new Metrics(), text: async () => '', token: undefined });
    const [url = ''] = named(/^ {6}path: (\S+)$/gm);
    expect(http.hasRoute({ method: 'GET', url })).toBe(true);
    await http.close();
  });

  it('the autoscaler goes by a metric that there is', () => {
    const known = new Metrics().registry.getMetricsAsArray().map(({ name }) => name);
    for (const name of named(/\b(baari_[a-z_]+)/g)) expect(known).toContain(name);
  });
});

const names = z.array(z.looseObject({ name: z.string() }));
const deployment = z.object({
  kind: z.literal('Deployment'),
  spec: z.looseObject({
    replicas: z.number().optional(),
    template: z.object({
      spec: z.looseObject({
        terminationGracePeriodSeconds: z.number(),
        volumes: names,
        containers: z.tuple([
          z.looseObject({
            env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })),
            ports: z.array(z.object({ name: z.string(), containerPort: z.number() })),
            volumeMounts: names,
            resources: z.object({
              requests: z.record(z.string(), z.string()),
              limits: z.record(z.string(), z.string()).optional(),
            }),
            securityContext: z.looseObject({}),
            lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) }),
          }),
        ]),
      }),
    }),
  }),
});

/** After the time that calls have: goodbyes (10 s), last words and lines (6 s), records, and some for the process. */
const partingSeconds = 20 + recordsStopMs / 1000;

describe.skipIf(!hasHelm)('with helm', () => {
  const files = [
    { what: 'the values that the chart brings', file: undefined },
    ...valuesFiles.map((file) => ({ what: file, file })),
  ];
  const of = (kind: string, from: readonly Manifest[]): Manifest => {
    const found = from.find((one) => one.kind === kind);
    if (!found) throw new Error(`expected a ${kind}, found ${from.map((one) => one.kind).join(', ')}`);
    return found;
  };

  test('the chart has nothing to complain of', () => {
    expect(runHelm('lint', '--strict', '.').said).toContain('0 chart(s) failed');
  });

  describe.each(hasHelm ? files : [])('$what', ({ file }) => {
    const rendered = manifestsOf(file);
    const { spec } = deployment.parse(of('Deployment', rendered)).spec.template;
    const [container] = spec.containers;
    const env = new Map(container.env.map(({ name, value }) => [name, value]));

    it('says each variable once, and no secret', () => {
      expect(env.size).toBe(container.env.length);
      for (const [name, value] of env) {
        if (/_KEY$|TOKEN$|SECRET$|PASSWORD|DATABASE/.test(name) && name !== 'BAARI_TLS_KEY') {
          expect(value, name).toBeUndefined();
        }
      }
    });

    it('listens where the probes and the service look', () => {
      expect(container.ports).toEqual([{ name: 'http', containerPort: Number(env.get('PORT')) }]);
      expect(env.get('HOST')).toBe('0.0.0.0');
    });

    it('has patience until the last call is over, and a little longer', () => {
      const drainSeconds = Number(env.get('BAARI_DRAIN_MS')) / 1000;
      const { seconds } = container.lifecycle.preStop.sleep;
      expect(spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(
        seconds + drainSeconds + partingSeconds,
      );
    });

    it('asks for a core a process, and is never throttled', () => {
      expect(Number(container.resources.requests.cpu)).toBeGreaterThanOrEqual(
        Number(env.get('BAARI_WORKERS')),
      );
      expect(container.resources.limits?.cpu).toBeUndefined();
    });

    it('may do nothing but run', () => {
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 });
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        privileged: false,
        capabilities: { drop: ['ALL'] },
      });
    });

    it('mounts what there is', () => {
      const names = spec.volumes.map(({ name }) => name);
      expect(container.volumeMounts.map(({ name }) => name).sort()).toEqual(names.sort());
    });

    const definitions = process.env.BAARI_TEST_KUBERNETES;
    it.skipIf(!definitions)('keeps to the schemas of Kubernetes', () => {
      for (const one of rendered.filter(
        ({ apiVersion }) => !apiVersion.includes('coreos') && !apiVersion.includes('keda'),
      )) {
        expect(problemsOf(one, definitions ?? ''), one.kind).toEqual([]);
      }
    });
  });

  test('everything together is all that there can be', () => {
    const kinds = manifestsOf('all-of-it.yaml').map(({ kind }) => kind);
    expect(kinds.sort()).toEqual([
      'ConfigMap',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceMonitor',
    ]);
  });

  test('an agent file arrives as it was written', () => {
    const { data } = of('ConfigMap', manifestsOf('all-of-it.yaml'));
    expect(data).toEqual({
      'bakery.yaml': 'prompt: You answer the phone of a bakery.\nlanguages: [hi-IN]',
    });
  });

  test('another pod is started at 70 % of the calls that a pod of four processes may have', () => {
    const of140 = ['workers=4', 'capacity.callsPerProcess=140', 'autoscaling.enabled=true'];
    const [metric] = z
      .object({ spec: z.object({ metrics: z.array(z.looseObject({})) }) })
      .parse(of('HorizontalPodAutoscaler', manifestsOf(undefined, ...of140))).spec.metrics;
    expect(metric?.pods).toMatchObject({
      metric: { name: 'baari_calls_live' },
      target: { averageValue: '392' },
    });
  });

  describe('what does not go together is refused in a sentence', () => {
    it.each([
      [
        ['env.GEMINI_API_KEY=key'],
        'env.GEMINI_API_KEY: expected a secret by reference, in existingSecret or secretEnv',
      ],
      [['env.PORT=1'], 'env.PORT: expected the value of the chart that sets it'],
      [
        ['env.A=1', 'secretEnv.A.name=a', 'secretEnv.A.key=a'],
        'env.A: expected it once, found it in secretEnv too',
      ],
      [
        ['agents.a=prompt', 'agentsConfigMap=b'],
        'expected agent files in agents or in agentsConfigMap, found both',
      ],
      [['records.enabled=true'], 'expected records.s3.bucket or records.existingClaim, found neither'],
      [['records.s3.bucket=b'], 'records.s3.bucket: expected records.enabled: true'],
      [['records.enabled=true', 'records.existingClaim=c'], 'expected replicas: 1 and no autoscaling'],
      [
        ['autoscaling.enabled=true', 'autoscaling.minReplicas=30'],
        'expected at most maxReplicas (20), found 30',
      ],
      [['autoscaling.enabled=true', 'autoscaling.by=keda'], 'expected the address of Prometheus'],
      [['ingress.enabled=true'], 'ingress.hosts: expected public host names, found none'],
      [['serviceMonitor.enabled=true'], 'expected the Secret that holds BAARI_METRICS_TOKEN'],
      [['env.BAARI_MAX_CALL=1'], 'BAARI_MAX_CALL'],
      [['replicas=none'], 'replicas'],
    ])('%s', (set, sentence) => {
      const { isGood, said } = render(undefined, ...set);
      expect(isGood).toBe(false);
      expect(said).toContain(sentence);
    });
  });
});

/** What is wrong by `definitions`, the file `_definitions.json` of the schemas of one version of Kubernetes. */
function problemsOf({ apiVersion, kind, ...rest }: Manifest, definitions: string): readonly unknown[] {
  const base = '/api/_definitions.json';
  const ajv = new Ajv2020({ strict: false, logger: false, allErrors: true });
  const { $defs } = z
    .object({ $defs: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(definitions, 'utf8')));
  ajv.addSchema({ $id: base, $defs });
  const [version = '', group = 'core'] = apiVersion.split('/').reverse();
  const name = Object.keys($defs).find((one) =>
    one.endsWith(`.api.${group.replace(/\..*$/, '')}.${version}.${kind}`),
  );
  if (!name) throw new Error(`expected a schema of ${apiVersion} ${kind}, found none`);
  const isValid = ajv.compile({ $ref: `${base}#/$defs/${name}` });
  isValid({ apiVersion, kind, ...rest });
  return isValid.errors ?? [];
}
