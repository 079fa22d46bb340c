import { describe, expect, it } from 'vitest';
import { readPlainAudio } from '../../src/gemini/plain-audio.ts';

const data = Buffer.from(Int16Array.from({ length: 480 }, (_, i) => i * 7 - 900).buffer).toString('base64');
const inlineData = { mimeType: 'audio/pcm;rate=24000', data };
const audio = (part: object = { inlineData }): object => ({
  serverContent: { modelTurn: { parts: [part] } },
});
const text = JSON.stringify(audio());

const plain: Readonly<Record<string, string>> = {
  'on one line': text,
  'on many lines': JSON.stringify(audio(), null, 2),
  'in another order': JSON.stringify(audio({ inlineData: { data, mimeType: 'audio/pcm;rate=24000' } })),
};

const notPlain: Readonly<Record<string, string>> = {
  'a thought': JSON.stringify(audio({ thought: true, inlineData })),
  'two parts': JSON.stringify({ serverContent: { modelTurn: { parts: [{ inlineData }, { inlineData }] } } }),
  'no part': JSON.stringify({ serverContent: { modelTurn: { parts: [] } } }),
  'an end besides': JSON.stringify({
    serverContent: { modelTurn: { parts: [{ inlineData }] }, turnComplete: true },
  }),
  'usage besides': JSON.stringify({ ...audio(), usageMetadata: {} }),
  'no data': JSON.stringify(audio({ inlineData: { mimeType: 'audio/pcm;rate=24000' } })),
  'data twice': text.replace('"data"', '"data":"AAA=","data"'),
  'an escape': text.replaceAll('=', '\\u003d').replaceAll('/', '\\/'),
  words: JSON.stringify(audio({ text: 'namaste' })),
  'an end in the middle': text.slice(0, -3),
  'more behind it': `${text},`,
  nothing: '',
};

describe('audio of the model', () => {
  it.each(Object.entries(plain))('is read without a parser: %s', (_, frame) => {
    expect(readPlainAudio(Buffer.from(frame))).toEqual(audio({ inlineData: { data } }));
  });

  it.each(Object.entries(notPlain))('is left to the parser: %s', (_, frame) => {
    expect(readPlainAudio(Buffer.from(frame))).toBeUndefined();
  });
});
