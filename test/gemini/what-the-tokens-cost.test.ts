import { describe, expect, it } from 'vitest';
import { costUsd, hasPrice, noTokens, type TokenUsage } from '../../src/gemini/index.ts';
import { readUsage } from '../../src/gemini/usage.ts';

const million = 1_000_000;
const by = (text: number, audio: number, other = 0) => ({ text, audio, other });

describe('the tokens of a turn', () => {
  it.each<{ what: string; metadata: unknown; usage: Partial<TokenUsage> }>([
    {
      what: 'are split by modality where the server says so',
      metadata: {
        promptTokenCount: 130,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 30 },
          { modality: 'AUDIO', tokenCount: 90 },
        ],
        responseTokenCount: 50,
        responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 50 }],
        thoughtsTokenCount: 7,
        cachedContentTokenCount: 20,
      },
      usage: {
        prompt: 130,
        response: 50,
        thoughts: 7,
        cached: 20,
        promptBy: by(30, 90, 10),
        responseBy: by(0, 50),
      },
    },
    {
      what: 'are of no modality where it does not',
      metadata: { promptTokenCount: 12, responseTokenCount: 34 },
      usage: { prompt: 12, response: 34, promptBy: by(0, 0, 12), responseBy: by(0, 0, 34) },
    },
    {
      what: 'of Vertex AI are those of its candidates',
      metadata: {
        candidatesTokenCount: 40,
        candidatesTokensDetails: [
          { modality: 'AUDIO', tokenCount: 30 },
          { modality: 'TEXT', tokenCount: 10 },
        ],
      },
      usage: { prompt: 0, response: 40, responseBy: by(10, 30) },
    },
    {
      what: 'that a tool’s result takes belong to the prompt',
      metadata: {
        promptTokenCount: 10,
        promptTokensDetails: [{ modality: 'AUDIO', tokenCount: 10 }],
        toolUsePromptTokenCount: 5,
        toolUsePromptTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }],
      },
      usage: { prompt: 15, promptBy: by(5, 10) },
    },
    {
      what: 'are none where they cannot be read',
      metadata: {
        promptTokenCount: '12',
        responseTokenCount: -3,
        promptTokensDetails: [null, { modality: 'TEXT', tokenCount: 1.5 }, { tokenCount: 3 }],
        thoughtsTokenCount: Number.POSITIVE_INFINITY,
      },
      usage: noTokens,
    },
    { what: 'are none in something else', metadata: 'many', usage: noTokens },
  ])('$what', ({ metadata, usage }) => {
    expect(readUsage(metadata)).toMatchObject(usage);
  });
});

describe('the price of', () => {
  it.each<{ what: string; usage: Partial<TokenUsage>; usd: number }>([
    { what: 'a million tokens of text in', usage: { promptBy: by(million, 0) }, usd: 0.75 },
    { what: 'a million tokens of audio in', usage: { promptBy: by(0, million) }, usd: 3 },
    { what: 'a million tokens in, of what is not told', usage: { promptBy: by(0, 0, million) }, usd: 3 },
    { what: 'a million tokens of text out', usage: { responseBy: by(million, 0) }, usd: 4.5 },
    { what: 'a million tokens of audio out', usage: { responseBy: by(0, million) }, usd: 12 },
    { what: 'a million thoughts', usage: { thoughts: million }, usd: 4.5 },
    // 25 tokens for a second of audio
    { what: 'a minute of audio in', usage: { promptBy: by(0, 1500) }, usd: 0.0045 },
    { what: 'a minute of audio out', usage: { responseBy: by(0, 1500) }, usd: 0.018 },
    { what: 'nothing', usage: {}, usd: 0 },
  ])('$what', ({ usage, usd }) => {
    expect(costUsd('gemini-3.8-live', { ...noTokens, ...usage })).toBe(usd);
  });

  it('the same model is the same under its full names', () => {
    const usage = { ...noTokens, thoughts: million };
    for (const name of ['models/gemini-3.8-live', 'publishers/google/models/gemini-3.8-live']) {
      expect(costUsd(name, usage)).toBe(4.5);
    }
  });

  it('an unknown model is not known', () => {
    expect(hasPrice('gemini-9-live')).toBe(false);
    expect(costUsd('gemini-9-live', noTokens)).toBeUndefined();
    expect(hasPrice('toString')).toBe(false);
  });
});
