import { describe, expect, it } from 'vitest';
import { createLog, personalFields } from '../../src/observe/log.ts';

/** What is logged by `act`, each line as text. */
function logged(act: (log: ReturnType<typeof createLog>) => void, level = 'debug'): string[] {
  const lines: string[] = [];
  act(createLog({ level, destination: { write: (line) => void lines.push(line) } }));
  return lines;
}

describe('the log', () => {
  it('is one JSON line an event, the event’s name as the message, the level in words', () => {
    const [line = ''] = logged((log) =>
      log.child({ callId: 'call-1' }).info({ floor: 'agent' }, 'turn.floor'),
    );
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toEqual({
      level: 'info',
      time: expect.any(Number),
      callId: 'call-1',
      floor: 'agent',
      msg: 'turn.floor',
    });
  });

  it('keeps quiet below its level', () => {
    const lines = logged((log) => {
      log.info('no');
      log.warn('yes');
    }, 'warn');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['yes']);
    expect(logged((log) => log.fatal('no'), 'silent')).toEqual([]);
  });

  it.each(personalFields)('shows nothing of the personal field %s, at the top or one below', (field) => {
    const [line = ''] = logged((log) =>
      log.info({ [field]: '09812345678', party: { [field]: '09812345678' } }, 'x'),
    );
    expect(line).not.toContain('09812345678');
    expect(JSON.parse(line)).toMatchObject({ [field]: '[personal]', party: { [field]: '[personal]' } });
  });

  it('shows nothing personal of a child’s own fields either', () => {
    const [line = ''] = logged((log) => log.child({ from: '09812345678' }).info('x'));
    expect(line).not.toContain('09812345678');
  });
});
