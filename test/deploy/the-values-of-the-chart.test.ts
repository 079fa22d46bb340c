import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { readInputs } from '../bench/capacity-page/inputs.ts';
import { capacityPage } from '../bench/capacity-page/page.ts';
import { chartFile, templates, valuesFile, valuesFiles } from './chart.ts';

const schema = JSON.parse(chartFile('values.schema.json'));
const defaults = parse(chartFile('values.yaml'));
const isValid = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(schema);

function problemsOf(values: unknown): string[] {
  isValid(values);
  return (isValid.errors ?? []).map(({ instancePath, message, params }) =>
    [instancePath, message, params.additionalProperty].filter(Boolean).join(' '),
  );
}

test('the values that the chart brings keep to its schema', () => {
  expect(problemsOf(defaults)).toEqual([]);
});

test.each(valuesFiles)('%s keeps to the schema', (file) => {
  expect(problemsOf(parse(valuesFile(file)))).toEqual([]);
});

describe('what is wrong is refused with its place', () => {
  it.each([
    ['an unknown value', { replica: 3 }, 'must NOT have additional properties replica'],
    [
      'an unknown part of one',
      { image: { name: 'baari' } },
      '/image must NOT have additional properties name',
    ],
    ['a number as text', { replicas: '3' }, '/replicas must be integer'],
    ['no pod', { replicas: 0 }, '/replicas must be >= 1'],
    ['a drain beyond what Baari takes', { drainSeconds: 7200 }, '/drainSeconds must be <= 3600'],
    [
      'a variable of Baari that there is not',
      { env: { BAARI_MAX_CALL: 1 } },
      '/env must NOT have additional properties BAARI_MAX_CALL',
    ],
    [
      'a name that is no variable',
      { env: { 'log-level': 'warn' } },
      '/env must NOT have additional properties log-level',
    ],
    ['an address with credentials', { publicUrl: 'https://a:b@c.de' }, '/publicUrl must match pattern'],
    ['an address without a scheme', { publicUrl: 'voice.example.com' }, '/publicUrl must match pattern'],
    [
      'a host with a path',
      { ingress: { hosts: ['a.example.com/x'] } },
      '/ingress/hosts/0 must match pattern',
    ],
    [
      'an agent whose name cannot be in an address',
      { agents: { 'My Shop': 'prompt: hi' } },
      '/agents must NOT have additional properties My Shop',
    ],
    [
      'a secret without its key',
      { secretEnv: { GEMINI_API_KEY: { name: 'google' } } },
      "/secretEnv/GEMINI_API_KEY must have required property 'key'",
    ],
    ['a size that is none', { records: { size: '10 GB' } }, '/records/size must match pattern'],
    [
      'an autoscaler that there is not',
      { autoscaling: { by: 'cpu' } },
      '/autoscaling/by must be equal to one of the allowed values',
    ],
    ['a network that is none', { trustedProxies: ['ingress'] }, '/trustedProxies/0 must match pattern'],
  ])('%s', (_, values, problem) => {
    expect(problemsOf(values).join('\n')).toContain(problem);
  });
});

/** Paths of values, maps of the user's own left out. */
function pathsOf(value: unknown, path = ''): string[] {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const inside = isMap ? Object.entries(value) : [];
  const isOwn = ['.ingress.annotations', '.podAnnotations'].includes(path);
  if (inside.length === 0 || isOwn) return [path];
  return inside.flatMap(([name, part]) => pathsOf(part, `${path}.${name}`));
}

describe('values and templates', () => {
  const paths = pathsOf(defaults);
  const used = new Set([...templates.matchAll(/\$?\.Values((?:\.\w+)+)/g)].map(([, path]) => path ?? ''));

  it('each value is used', () => {
    const isUsed = (path: string): boolean =>
      [...used].some((one) => path === one || path.startsWith(`${one}.`) || one.startsWith(path));
    expect(paths.filter((path) => !isUsed(path))).toEqual([]);
  });

  it('nothing is used that is no value', () => {
    const isValue = (path: string): boolean =>
      paths.some((one) => one === path || one.startsWith(`${path}.`));
    expect([...used].filter((path) => !isValue(path))).toEqual([]);
  });
});

test('the schema knows the variables of Baari that its code reads, and no others', () => {
  const code = new URL('../../src/', import.meta.url);
  const text = readdirSync(code, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('console'))
    .map((name) => readFileSync(new URL(name, code), 'utf8'))
    .join('\n');
  const read = new Set(text.match(/\bBAARI_[A-Z0-9_]*[A-Z0-9]\b/g));
  // told by processes to each other, or read by commands other than serve
  for (const name of ['BAARI_WORKER', 'BAARI_URL', 'BAARI_RECORDS_S3']) read.delete(name);
  const [, known = ''] = /\^BAARI_\(([^)]*)\)\$/.exec(JSON.stringify(schema.properties.env)) ?? [];
  expect(known.split('|').map((name) => `BAARI_${name}`)).toEqual([...read].sort());
});

test('what a process is given is what the capacity page says: `npm run docs` puts it in', () => {
  const { callsPerCore, plannedPercent, processMb, callMb } = readInputs(readFileSync(capacityPage, 'utf8'));
  expect(defaults.capacity).toEqual({
    callsPerProcess: Math.floor((callsPerCore * plannedPercent) / 100),
    processMb,
    callMb,
  });
});
