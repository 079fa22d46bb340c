import { describe, expect, it } from 'vitest';
import { ToolSet } from '../../src/tools/index.ts';
import { TestTool } from './test-tool.ts';

const good = new TestTool('book');
const made = (part: object) => ({ ...good, run: () => Promise.resolve(), ...part });

describe('a tool that is not well made is refused when the agent is read', () => {
  it.each([
    [
      'its name',
      [made({ name: 'book a table' })],
      'expected a tool name of up to 64 letters, digits, _ and -, found "book a table"',
    ],
    ['the name of another', [good, new TestTool('book')], 'expected tool names to differ, found book twice'],
    ['its time', [made({ timeoutMs: 600_000 })], 'tool book: expected a time of 1 to 60000 ms, found 600000'],
    [
      'parameters of no object',
      [made({ parameters: { type: 'string' } })],
      'tool book: expected parameters of type object, found "string"',
    ],
    [
      'parameters that are no schema',
      [made({ parameters: { type: 'object', properties: { people: { type: 'number of' } } } })],
      /^tool book: expected parameters to be a JSON Schema: /,
    ],
    [
      'too many',
      Array.from({ length: 65 }, (_, at) => new TestTool(`t${at}`)),
      'expected at most 64 tools, found 65',
    ],
  ])('%s', (_, tools, message) => {
    expect(() => new ToolSet(tools)).toThrow(message);
  });
});

describe('arguments', () => {
  it('are told at most five faults, and long values in part', () => {
    const names = [...'abcdefg'];
    const tool = made({
      parameters: {
        type: 'object',
        properties: Object.fromEntries(names.map((name) => [name, { type: 'integer' }])),
      },
    });
    const args = Object.fromEntries(names.map((name) => [name, 'x'.repeat(200)]));
    const fault = new ToolSet([tool]).find('book')?.faultOf(args) ?? '';
    expect(fault.match(/expected: /g)).toHaveLength(5);
    expect(fault).toMatch(/and 2 more$/);
    expect(fault.length).toBeLessThan(800);
  });
});
