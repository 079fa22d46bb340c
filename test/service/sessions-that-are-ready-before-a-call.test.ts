import { expect, test } from 'vitest';
import { TestService } from '../helpers/service.ts';
import { until } from '../helpers/until.ts';

test.concurrent('are kept from the start, taken by calls and replaced, and closed when the server stops', async () => {
  const service = await TestService.start({ agents: { warm: { limits: { warmSessions: 2 } } } });
  const { sessions } = service.gemini.gemini;
  const ready = (): number =>
    sessions.filter(({ observation: { readyAtMs, closed } }) => readyAtMs !== undefined && !closed).length;
  await until('two sessions', () => ready() === 2 || undefined);
  const call = service.call({ agent: 'warm' });
  await call.caller.wait.agentAudible({ withinMs: 15_000 });
  await until('another session', () => ready() === 3 || undefined);
  call.caller.hangUp();
  expect((await service.ending(call)).summary.counts).toMatchObject({ 'gemini.warmHit': 1 });
  await service.server.stop();
  await until('all sessions to be closed', () => ready() === 0 || undefined);
  expect(sessions).toHaveLength(3);
  await service[Symbol.asyncDispose]();
});

test.concurrent('are none for agents that want none', async () => {
  await using service = await TestService.start();
  const call = service.call();
  await call.caller.wait.agentAudible({ withinMs: 15_000 });
  expect(service.gemini.gemini.sessions).toHaveLength(1);
});
