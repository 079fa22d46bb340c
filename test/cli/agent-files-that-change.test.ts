import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadApology } from '../../src/call/index.ts';
import { readDoors } from '../../src/cli/door-settings.ts';
import { geminiDial } from '../../src/cli/gemini-access.ts';
import { ServedAgents } from '../../src/cli/served-agents.ts';
import { ServiceScorers } from '../../src/cli/speech.ts';
import { Metrics } from '../../src/observe/index.ts';
import { BaariServer, streamAddress } from '../../src/server/index.ts';
import { SimulatedCaller, SimulatedGemini, spoken } from '../../src/sim/index.ts';
import { systemChance, systemClock } from '../../src/time/index.ts';
import { folderWith } from '../agents/temporary-folder.ts';
import { MemoryLog } from '../helpers/memory-log.ts';
import { until } from '../helpers/until.ts';

const calm = 'languages: [en-IN]\ndetector: { kind: energy }\ngreeting: { by: none }\n';

/** The parts of `baari serve` around a folder of agent files. */
async function serve(files: Record<string, string>, env: Record<string, string> = {}) {
  const folder = folderWith(files);
  const log = new MemoryLog();
  const metrics = new Metrics();
  let stderr = '';
  const terminal = { env, stdout: log, stderr: { write: (text: string) => (stderr += text) } };
  const served = await ServedAgents.open({
    folder,
    terminal: { ...terminal, stdout: { write: () => true } },
    clock: systemClock,
    log: log.log,
    metrics,
    mayBeNone: false,
  });
  const scorers = await ServiceScorers.open(served.agents.values(), systemClock, log.log);
  const gemini = await SimulatedGemini.listen({
    clock: systemClock,
    chance: systemChance,
    script: { turns: [{ reply: spoken('goAhead') }] },
  });
  const server = new BaariServer({
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    chance: systemChance,
    log: log.log,
    agents: served.agents,
    brokenAgents: () => served.broken,
    access: { apiKey: 'any', baseUrl: gemini.url },
    dial: geminiDial(),
    scorers,
    doors: readDoors(env, terminal.stderr),
    apologyFor: served.apologyFor,
    observersFor: () => [],
    metrics: { metrics, text: () => metrics.registry.metrics(), token: undefined },
  });
  const base = await server.listen();
  await served.follow({ admit: (agent) => scorers.admit(agent), changed: () => server.agentsChanged() });
  onTestFinished(async () => {
    await served.close();
    await server.stop();
    await gemini.close();
    await scorers.close();
  });
  const ask = async (way: string, headers: Record<string, string> = {}) => {
    const response = await fetch(base + way, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return {
    folder,
    log,
    server,
    served,
    gemini: gemini.gemini,
    base,
    ask,
    stderr: () => stderr,
    write: (name: string, text: string) => writeFileSync(path.join(folder, name), text),
    reloaded: (name: string, result: string) => log.line('agent.reloaded', { agent: name, result }),
    counted: async (name: string, result: string) => {
      const { values } = await metrics.agentReloads.get();
      return values.find(({ labels }) => labels.agent === name && labels.result === result)?.value ?? 0;
    },
  };
}

it('a changed file counts for new calls, and a live call keeps what it has', async () => {
  const service = await serve({ 'shop.yaml': `prompt: Sell bread.\n${calm}` });
  const place = async (count: number) => {
    const address = streamAddress(service.base, 'shop');
    const caller = new SimulatedCaller({ clock: systemClock, chance: systemChance, address });
    onTestFinished(() => caller.dropLine());
    caller.call();
    return until('the set-up of its session', () => service.gemini.sessions[count]?.observation.setup);
  };
  const told = (setup: unknown): string => JSON.stringify(setup);
  const first = await place(0);
  service.write('shop.yaml', `prompt: Sell cakes.\n${calm}`);
  await service.reloaded('shop', 'changed');
  expect(told(await place(1))).toContain('Sell cakes.');
  expect(told(first)).toContain('Sell bread.');
  expect(service.server.calls.size).toBe(2);
  expect(await service.counted('shop', 'changed')).toBe(1);
});

it('a broken file keeps the last good one, says so once, and is found out of readyz', async () => {
  const service = await serve({ 'shop.yaml': `prompt: Sell bread.\n${calm}` });
  service.write('shop.yaml', `prompt: Sell cakes.\nplayout: { chunk_ms: 7 }\n`);
  const { problem, kept } = await service.log.line('agent.reloadFailed', { agent: 'shop' });
  expect(problem).toMatch(/shop\.yaml:2:\d+ {2}playout\.chunk_ms: expected .*, found 7/);
  expect(kept).toBe(service.served.agents.get('shop')?.source.hash);
  expect(service.served.agents.get('shop')?.prompt).toBe('Sell bread.');
  expect((await service.ask('/readyz')).body).toEqual({
    status: 'ready',
    agents: 1,
    agentsWithProblems: ['shop'],
  });
  await service.served.reload();
  expect(service.log.all('agent.reloadFailed')).toHaveLength(1);
  expect(await service.counted('shop', 'failed')).toBe(1);
  service.write('shop.yaml', `prompt: Sell cakes.\n${calm}`);
  await service.reloaded('shop', 'changed');
  expect((await service.ask('/readyz')).body).toEqual({ status: 'ready', agents: 1 });
});

it('a new file is a new agent, and a removed one takes no new calls', async () => {
  const service = await serve({ 'shop.yaml': `prompt: Sell bread.\nnumbers: ["08012345678"]\n${calm}` });
  const resolve = () => service.ask('/exotel/resolve?To=08012345678');
  expect(JSON.stringify((await resolve()).body)).toContain('/exotel/shop/');
  // as an editor saves: a file beside it takes its place
  service.write('cafe.tmp', `prompt: Serve tea.\nnumbers: ["08012345678"]\n${calm}`);
  renameSync(path.join(service.folder, 'cafe.tmp'), path.join(service.folder, 'cafe.yaml'));
  await service.reloaded('cafe', 'added');
  rmSync(path.join(service.folder, 'shop.yaml'));
  await service.reloaded('shop', 'removed');
  expect((await service.ask('/exotel/shop/resolve')).status).toBe(404);
  expect(JSON.stringify((await resolve()).body)).toContain('/exotel/cafe/');
  // a folder that is gone altogether is a mishap, not a wish
  renameSync(service.folder, `${service.folder}-away`);
  await service.log.line('agent.reloadFailed', { agent: '' });
  expect((await service.ask('/exotel/cafe/resolve')).status).toBe(200);
  renameSync(`${service.folder}-away`, service.folder);
});

it.each([
  { what: 'a prompt', name: 'told.txt', field: 'prompt_file: told.txt', text: 'Sell cakes.' },
  {
    what: 'a prompt in a folder of its own',
    name: 'texts/told.txt',
    field: 'prompt_file: texts/told.txt',
    text: 'Sell cakes.',
  },
  { what: 'knowledge', name: 'facts/b.md', field: 'prompt: x\nknowledge: facts', text: 'Rye is out.' },
])('$what that the agent file names is followed', async ({ name, field, text }) => {
  const service = await serve({
    'told.txt': 'Sell bread.',
    'texts/told.txt': 'Sell bread.',
    'facts/a.md': 'Open from eight.',
    'shop.yaml': `${field}\n${calm}`,
  });
  service.write(name, text);
  await service.reloaded('shop', 'changed');
  const { prompt, source } = service.served.agents.get('shop') ?? {};
  expect(`${prompt} ${source?.knowledge.text}`).toContain(text);
});

it('what was missing is noticed when it comes', async () => {
  const service = await serve({
    'cafe.yaml': `prompt: x\n${calm}`,
    'shop.yaml': `prompt_file: later.txt\n${calm}`,
  });
  expect(service.stderr()).toContain('prompt_file: expected a readable file');
  service.write('later.txt', 'Sell bread.');
  await service.reloaded('shop', 'added');
});

it('passwords, clips and detectors follow', async () => {
  const password = (file: string) => `security: { basic_user: exotel, basic_password_file: ${file} }\n`;
  const folder = folderWith({ password: 'one' });
  const file = path.join(folder, 'password');
  const service = await serve({ 'shop.yaml': `prompt: x\n${password(file)}${calm}` });
  const enter = async (word: string) => {
    const headers = { authorization: `Basic ${Buffer.from(`exotel:${word}`).toString('base64')}` };
    return (await service.ask('/exotel/shop/resolve', headers)).status;
  };
  expect(await enter('one')).toBe(200);
  writeFileSync(file, 'two');
  await service.served.reload();
  expect([await enter('one'), await enter('two')]).toEqual([401, 200]);
  service.write('shop.yaml', `prompt: x\n${password(path.join(folder, 'gone'))}${calm}`);
  expect((await service.log.line('agent.reloadFailed')).problem).toContain('expected a password in the file');
  expect(await enter('two')).toBe(200);
  service.write('shop.yaml', 'prompt: x\ndetector: { kind: silero }\n');
  await service.reloaded('shop', 'changed');
  const agent = service.served.agents.get('shop');
  expect(agent && service.served.apologyFor(agent)).toBe(loadApology());
  const { status } = await service.ask('/exotel/shop/resolve');
  expect(status).toBe(200);
});

it('an apology is read anew when its file changes', async () => {
  const service = await serve({ 'shop.yaml': `prompt: x\n${calm}` });
  const agent = () => service.served.agents.get('shop');
  const apology = () => {
    const now = agent();
    return now && service.served.apologyFor(now);
  };
  const { buildWav } = await import('../../src/audio/index.ts');
  const clip = (length: number) =>
    writeFileSync(
      path.join(service.folder, 'sorry.wav'),
      buildWav({ samples: new Int16Array(length), sampleRateHz: 8000, channels: 1 }),
    );
  clip(800);
  service.write('shop.yaml', `prompt: x\napology: { clip: sorry.wav }\n${calm}`);
  await service.reloaded('shop', 'changed');
  const before = apology();
  expect(before?.samples).toHaveLength(800);
  clip(1600);
  await until('the new apology', () => (apology()?.samples.length === 1600 ? true : undefined));
  expect(before?.samples).toHaveLength(800);
});
