import { expect, it, vi } from 'vitest';
import { clientWithOwnSocket } from '../../src/gemini/sdk-seam.ts';

vi.mock('@google/genai', () => ({
  GoogleGenAI: class {
    readonly live = {};
  },
}));

it('is refused at once, with what is missing', () => {
  const connect = (): unknown =>
    clientWithOwnSocket({ kind: 'key', secret: 'k', baseUrl: undefined }, () => {
      throw new Error('no socket is wanted');
    });
  expect(connect).toThrow('expected @google/genai to have live.webSocketFactory, found none');
});
