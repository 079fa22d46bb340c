import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { TestService } from '../helpers/service.ts';
import { copied, inContext, readDockerfile, root } from './dockerfile.ts';

const stages = readDockerfile();
const last = stages.at(-1);
const all = stages.flatMap(({ instructions }) => instructions);
const ofLast = (name: string): readonly string[] =>
  (last?.instructions ?? []).filter((one) => one.name === name).map(({ rest }) => rest);
const manifest = z
  .object({
    engines: z.object({ node: z.string() }),
    files: z.array(z.string()),
    devDependencies: z.object({ node: z.string() }),
  })
  .parse(JSON.parse(readFileSync(new URL('package.json', root), 'utf8')));
const files = fileURLToPath(root);

describe('what is copied', () => {
  const fromContext = all.filter(({ name, options }) => name === 'COPY' && !options.has('from'));

  it.each(fromContext.flatMap((one) => copied(one).sources))('%s is there, and in the context', (source) => {
    expect(globSync(source, { cwd: files }).length).toBeGreaterThan(0);
    expect(inContext().some((named) => source === named || source.startsWith(`${named}/`))).toBe(true);
  });

  test('the context has nothing else', () => {
    const sources = fromContext.flatMap((one) => copied(one).sources);
    for (const named of inContext())
      expect(
        sources.some((one) => one.startsWith(named)),
        named,
      ).toBe(true);
  });

  test('stages take from stages that are there', () => {
    const names = stages.map(({ as }) => as);
    for (const { options } of all) if (options.has('from')) expect(names).toContain(options.get('from'));
  });

  test('the image has what the package has, but for its history', () => {
    const sources = (last?.instructions ?? [])
      .filter(({ name }) => name === 'COPY')
      .flatMap((one) => copied(one).sources.map((source) => source.replace(/^\/app\//, '')));
    for (const file of manifest.files.filter((one) => one !== 'CHANGELOG.md'))
      expect(sources).toContain(file);
  });
});

test('each stage has the Node that Baari needs, and is tested with', () => {
  const [, needed] = /^>=(\d+)$/.exec(manifest.engines.node) ?? [];
  expect(manifest.devDependencies.node.split('.')[0]).toBe(needed);
  for (const { from } of stages) expect(from).toBe(`node:${needed}-slim`);
});

test('no script of a dependency is run, and the image has no dependency of development', () => {
  const installs = all.filter(({ name, rest }) => name === 'RUN' && rest.includes('npm ci'));
  for (const { rest } of installs) expect(rest).toContain('--ignore-scripts');
  const modules = (last?.instructions ?? []).find(({ rest }) => rest.includes('node_modules'));
  const from = stages.find(({ as }) => as === modules?.options.get('from'));
  expect(from?.instructions.some(({ rest }) => rest.includes('npm ci --omit=dev'))).toBe(true);
});

test('it runs as another than root, is stopped by SIGTERM, and node is process 1', () => {
  expect(ofLast('USER')).toEqual(['node']);
  expect(ofLast('STOPSIGNAL')).toEqual(['SIGTERM']);
  const [entry = ''] = ofLast('ENTRYPOINT');
  expect(JSON.parse(entry)).toEqual(['node', manifest.files.find((file) => file.endsWith('.mjs'))]);
  expect(ofLast('CMD')).toEqual(['["serve"]']);
});

test('its health is asked for at an address that the server has, on the port that it listens on', async () => {
  const [check = ''] = ofLast('HEALTHCHECK');
  const [, path = ''] = /PORT\}(\/\w+)`/.exec(check) ?? [];
  await using service = await TestService.start();
  expect((await fetch(service.base + path)).status).toBe(200);
  const [env = ''] = ofLast('ENV');
  const [, port] = /PORT=(\d+)/.exec(env) ?? [];
  expect(ofLast('EXPOSE')).toEqual([port]);
  expect(env).toContain('NODE_ENV=production HOST=0.0.0.0');
});
