import { describe, expect, it } from 'vitest';
import { fieldGroups } from '../../src/console/agents/field-groups.ts';
import { addressOf, problemsOf, queryOf, searchOf } from '../../src/console/records/search-state.ts';

const none = { from: '', to: '', agent: '', number: '', outcome: '', text: '' };

describe('a search in the address', () => {
  it.each([
    ['', none],
    ['agent=bakery&text=two+cakes', { ...none, agent: 'bakery', text: 'two cakes' }],
    ['number=%2B919000000001', { ...none, number: '+919000000001' }],
    ['from=2026-03-01T10:00', { ...none, from: '2026-03-01T10:00' }],
    ['from=yesterday&to=2026-03-01', none],
    ['agent=+&other=1', none],
  ])('%s', (address, search) => {
    expect(searchOf(new URLSearchParams(address))).toEqual(search);
    expect(searchOf(new URLSearchParams(addressOf(search)))).toEqual(search);
  });

  it('asks the service for the times of this place as they are everywhere', () => {
    const query = new URLSearchParams(queryOf({ ...none, from: '2026-03-01T10:00', outcome: 'cutOff' }));
    expect(Object.fromEntries(query)).toEqual({
      from: new Date(2026, 2, 1, 10).toISOString(),
      outcome: 'cutOff',
    });
    expect(queryOf(none)).toBe('');
    expect(queryOf({ ...none, from: '2026-13-41T10:00' })).toBe('');
  });

  it.each([
    [{}, []],
    [{ number: '12345' }, ['number']],
    [{ number: '+91 90000' }, []],
    [{ from: '2026-03-01T10:00', to: '2026-03-01T10:00' }, ['to']],
    [{ from: '2026-03-01T10:00', to: '2026-03-01T10:01' }, []],
  ])('%j has these faults', (stated, faults) =>
    expect(Object.keys(problemsOf({ ...none, ...stated }))).toEqual(faults),
  );
});

describe('the fields of an agent', () => {
  const field = (path: string, isStated: boolean, description = '') => ({
    path,
    value: 'yes',
    unit: '',
    isStated,
    description,
  });
  const fields = [
    field('model', true),
    field('turns.onsetMs', false, 'Silence before'),
    field('turns.owner', true),
    field('voice', false),
  ];
  it.each([
    ['', false, { 'The agent': ['model', 'voice'], turns: ['turns.onsetMs', 'turns.owner'] }],
    ['', true, { 'The agent': ['model'], turns: ['turns.owner'] }],
    ['SILENCE turns', false, { turns: ['turns.onsetMs'] }],
    ['nothing like it', false, {}],
  ])('that have %j, only stated ones: %s', (words, onlyStated, found) =>
    expect(
      Object.fromEntries(
        fieldGroups(fields, { words, onlyStated }).map(({ section, fields: inIt }) => [
          section,
          inIt.map(({ path }) => path),
        ]),
      ),
    ).toEqual(found),
  );
});
