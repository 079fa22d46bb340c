import { describe, expect, it } from 'vitest';
import type { GeminiDial } from '../../src/gemini/index.ts';
import { scrub } from '../../src/observe/index.ts';
import { SimulatedClock } from '../../src/time/index.ts';
import { type FrameSocket, type FrameSocketListener, UpgradeRefused } from '../../src/wire/index.ts';
import { ScriptedServer } from './scripted-server.ts';
import { secretKey } from './settings.ts';
import { WireRig } from './wire-rig.ts';

/** A socket that fails as it is told to, once somebody listens. */
function failing(clock: SimulatedClock, fail: (to: FrameSocketListener, url: string) => void): GeminiDial {
  return (url): FrameSocket => ({
    isOpen: false,
    bufferedBytes: 0,
    listen: (to) => clock.setTimeout(() => fail(to, url), 1),
    send: () => false,
    close: () => undefined,
    terminate: () => undefined,
  });
}

const opaqueKey = 'an-opaque-key/of+another=kind';

/** What goes wrong, each time with the address or the key in the words of somebody else. */
const troubles: { what: string; fail: (to: FrameSocketListener, url: string) => void }[] = [
  {
    what: 'a refused upgrade whose body quotes the address',
    fail: (to, url) => {
      to.onError?.(new UpgradeRefused(403, undefined, `GET ${url} is forbidden`));
      to.onClose(1006, '');
    },
  },
  {
    what: 'a network error that quotes the address',
    fail: (to, url) => {
      to.onError?.(new Error(`getaddrinfo ENOTFOUND ${url}`));
      to.onClose(1006, '');
    },
  },
  {
    what: 'a close whose reason quotes the key',
    fail: (to, url) => to.onClose(1007, `API key not valid: ${url.split('key=')[1]}`),
  },
  {
    what: 'a close whose reason quotes the address',
    fail: (to, url) => to.onClose(1011, `cannot serve ${url}`),
  },
];

describe.each([secretKey, opaqueKey])('the key %s', (apiKey) => {
  it.each(troubles)('is in no report and no log after $what', async ({ fail }) => {
    const clock = new SimulatedClock();
    const rig = new WireRig({ clock, dial: failing(clock, fail), apiKey });
    await rig.connect();
    expect(rig.told).toEqual(['wire.lost']);
    expect(rig.memory.all('gemini.lost')).toHaveLength(1);
    for (const text of [JSON.stringify(rig.reports), rig.memory.text]) {
      expect(text).not.toContain(apiKey);
      expect(text).not.toContain(encodeURIComponent(apiKey));
      expect(text).toContain('[secret]');
    }
  });

  it('is in no report and no log when the dial itself throws', async () => {
    const clock = new SimulatedClock();
    const dial: GeminiDial = (url) => {
      throw new Error(`invalid address ${url}`);
    };
    const rig = new WireRig({ clock, dial, apiKey });
    await rig.connect();
    expect(rig.told).toEqual(['wire.lost']);
    expect(JSON.stringify(rig.reports) + rig.memory.text).not.toContain(apiKey);
  });

  it('is in no log of a call that goes well', async () => {
    const clock = new SimulatedClock();
    const server = new ScriptedServer(clock);
    const rig = new WireRig({ clock, dial: server.dial, apiKey });
    await rig.connect();
    server.last.raw(`bad frame with ${apiKey}`);
    server.last.send({ toolCall: { functionCalls: [{ id: apiKey, name: apiKey }] } });
    await clock.run(10);
    server.last.close(1011, `bye ${apiKey}`);
    await clock.run(10);
    expect(JSON.stringify(rig.reports) + rig.memory.text).not.toContain(apiKey);
  });
});

describe('scrubbing', () => {
  it.each([
    ['wss://host/path?key=abc123&alt=x', 'wss://host/path?key=[secret]&alt=x'],
    ['?access_token=abc.def', '?access_token=[secret]'],
    ['Authorization: Bearer abc.def-ghi==', 'Authorization: Bearer [secret]'],
    [`said ${secretKey}, twice ${secretKey}`, 'said [secret], twice [secret]'],
    ['Proxy-Authorization: Basic bWU6cGFzcw==', 'Proxy-Authorization: Basic [secret]'],
    ['no way to http://me:pass@proxy:3128 now', 'no way to http://[secret]@proxy:3128 now'],
    ['used auth_tokens/abc-def_1.', 'used [secret]'],
    ['ya29.a0Abc-def_1 has expired', '[secret] has expired'],
    ['key -----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY----- bad', 'key [secret] bad'],
    ['https://host/path, me@host', 'https://host/path, me@host'],
    ['the monkey = 5 is no key', 'the monkey = 5 is no key'],
  ])('makes of %j: %j', (text, scrubbed) => {
    expect(scrub(text)).toBe(scrubbed);
  });

  it('takes out the secrets it is told, unless they are too short to be one', () => {
    expect(scrub('open sesame, a', ['sesame', 'a'])).toBe('open [secret], a');
  });
});
