import { expect, it } from 'vitest';
import { outboundService } from '../../src/cli/outbound.ts';
import { MemoryLog } from '../helpers/memory-log.ts';

const exotel = {
  EXOTEL_API_KEY: 'key',
  EXOTEL_API_TOKEN: 'token',
  EXOTEL_SID: 'acmeclinic1',
  EXOTEL_SUBDOMAIN: 'in',
};

it.each([
  { title: 'calls and a public address', env: { ...exotel, BAARI_PUBLIC_URL: 'https://x.example' }, told: 0 },
  { title: 'calls and no public address', env: exotel, told: 1 },
  { title: 'no calls', env: {}, told: 0 },
])('a service with $title says $told times that it only asks', ({ env, told }) => {
  const log = new MemoryLog();
  const service = { callbackPath: async () => '/exotel/status', expectCall: () => undefined };
  outboundService(env, log.log, false, service).book?.close();
  expect(log.all('outbound.pollingOnly')).toHaveLength(told);
});
