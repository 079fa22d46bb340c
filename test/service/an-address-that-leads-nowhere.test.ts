import { expect, test } from 'vitest';
import { besideAnotherCall } from '../helpers/bystander.ts';
import { TestService } from '../helpers/service.ts';

const refusals = [
  { path: '/exotel/nobody', status: 404, reason: 'there is no agent named "nobody" here' },
  { path: '/exotel/nobody?sample-rate=16000', status: 404, reason: 'there is no agent named "nobody" here' },
  {
    path: '/exotel/',
    status: 404,
    reason: 'expected a stream at /exotel/<agent>, found another path',
  },
  {
    path: '/exotel/bakery/more',
    status: 404,
    reason: 'expected a stream at /exotel/<agent>, found another path',
  },
  { path: '/', status: 404, reason: 'expected a stream at /exotel/<agent>, found another path' },
] as const;

test.concurrent('is refused before the upgrade, with a sentence that says why', async () => {
  await using service = await TestService.start();
  await besideAnotherCall(service, async () => {
    for (const { path, status, reason } of refusals) {
      const stream = service.stream(path);
      expect(await stream.refusal(), path).toEqual({ status, body: reason });
    }
    expect(service.log.all('upgrade.refused')).toMatchObject(
      refusals.map(({ status, reason }) => ({ level: 'warn', status, reason })),
    );
    // the simulated Exotel, like the real one, tries twice
    const call = service.call({ agent: 'nobody' });
    expect(await call.caller.wait.ended({ withinMs: 15_000 })).toMatchObject({ phase: 'dialling' });
    expect(service.log.all('upgrade.refused')).toHaveLength(refusals.length + 2);
  });
});

test.concurrent('the pages beside the streams answer, and others are not found', async () => {
  await using service = await TestService.start({ agents: { 'front-desk': {} } });
  await besideAnotherCall(service, async () => {
    const get = async (path: string) => {
      const response = await fetch(service.base + path);
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        body: await response.text(),
      };
    };
    const page = await get('/');
    expect(page).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
    expect(page.body).toContain('Live calls: 1.');
    expect(page.body).toContain(service.address('front-desk'));
    const health = await get('/healthz');
    expect(health).toMatchObject({ status: 200, type: 'application/json; charset=utf-8' });
    expect(JSON.parse(health.body)).toEqual({ status: 'ok', calls: 1 });
    const ready = await get('/readyz');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.body)).toEqual({ status: 'ready', agents: 3 });
    expect(await get('/elsewhere')).toMatchObject({ status: 404 });
    // a stream's address in a browser
    expect(await get('/exotel/bakery')).toMatchObject({ status: 404 });
  });
});
