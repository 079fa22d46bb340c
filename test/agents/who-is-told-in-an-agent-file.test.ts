import { describe, expect, it } from 'vitest';
import { explainAgent, formatProblem, parseAgent } from '../../src/agents/index.ts';

const receiver = 'url: https://shop.example/hooks, secret: { env: HOOK_SECRET }';

function problemsOf(yaml: string): string[] {
  const parsed = parseAgent(`prompt: Say hello.\n${yaml}\n`, 'agents/shop.yaml');
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

describe('webhooks and extraction in an agent file', () => {
  it('are read with their defaults', () => {
    const parsed = parseAgent(
      `prompt: Say hello.\nwebhooks: [{${receiver}}]\nextraction:\n  schema: {type: object, properties: {cake: {type: string}}}\n`,
      'agents/shop.yaml',
    );
    if (!parsed.ok) throw new Error('a good file was refused');
    const { webhooks, extraction } = parsed.agent;
    expect(webhooks).toEqual([
      {
        url: 'https://shop.example/hooks',
        secret: { env: 'HOOK_SECRET' },
        isPrivate: false,
        events: ['call.started', 'tool.failed', 'message.taken', 'call.transferring', 'call.ended'],
        transcript: true,
        giveUpH: 72,
      },
    ]);
    expect(extraction).toMatchObject({ model: 'gemini-flash-latest', minWords: 3, deadlineS: 300 });
    const shown = explainAgent(parsed.agent).find(({ path }) => path === 'extraction.schema');
    expect(shown).toMatchObject({ value: ['cake'], origin: 'file' });
  });

  it.each([
    ['webhooks: yes', 'webhooks: expected a list of receivers, found the text "yes"'],
    [
      `webhooks: [{url: "ftp://x", secret: {env: A}}]`,
      'webhooks[0].url: expected an http: or https: address',
    ],
    ['webhooks: [{url: "https://x.example"}]', 'webhooks[0].secret: expected a map { env: NAME }'],
    [
      'webhooks: [{url: "https://x.example", secret: {env: whsec_MfKQ9r8GKYqr}}]',
      'never the secret, found another text, not shown',
    ],
    [
      'webhooks: [{url: "https://x.example", secret: {env: "whsec_a+b/c="}}]',
      'never the secret, found another text, not shown',
    ],
    [
      `webhooks: [{${receiver}, events: [call.begun]}]`,
      'webhooks[0].events[0]: expected one of call.started',
    ],
    [
      `webhooks: [{${receiver}, colour: red}]`,
      'expected a field of webhooks, found the unknown name "colour"',
    ],
    [`webhooks: [{${receiver}}, {${receiver}}]`, 'expected receivers with different addresses'],
    ['extraction: {schema: {type: array}}', 'extraction.schema: expected a JSON Schema of type object'],
    [
      'extraction: {schema: {type: object, properties: {a: {type: "no"}}}}',
      'expected a JSON Schema (2020-12) that can be compiled',
    ],
    ['extraction: {min_words: 5}', 'extraction.min_words: expected a JSON Schema in extraction.schema'],
  ])('%s', (yaml, problem) => {
    const problems = problemsOf(yaml);
    expect(problems.join('\n')).toContain(problem);
    expect(problems).toHaveLength(1);
  });
});
