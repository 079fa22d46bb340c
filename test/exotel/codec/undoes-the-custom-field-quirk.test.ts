import { describe, expect, it } from 'vitest';
import { customFieldName, parseExotelFrame } from '../../../src/exotel/codec/index.ts';
import { liveStart, textFrame } from './frames.ts';

const cases: [situation: string, received: unknown, expected: Record<string, string>][] = [
  ['names and texts', { tenant: 'acme', plan: 'gold' }, { tenant: 'acme', plan: 'gold' }],
  ['one name with a value', { tenant: 'acme' }, { tenant: 'acme' }],
  ['nothing', {}, {}],
  ['null', null, {}],
  ['escaped JSON as a name', { '{&quot;leadId&quot;:&quot;42&quot;}': '' }, { leadId: '42' }],
  [
    'escaped JSON with other types',
    { '{&quot;leadId&quot;:42,&quot;tags&quot;:[1]}': '' },
    { leadId: '42', tags: '[1]' },
  ],
  ['JSON that was not escaped', { '{"leadId":"42"}': '' }, { leadId: '42' }],
  ['JSON with a null value beside the name', { '{"leadId":"42"}': null }, { leadId: '42' }],
  [
    'plain text as a name',
    { 'lead 42 &amp; co &#39;x&#x27; &lt;a&gt;': '' },
    { [customFieldName]: "lead 42 & co 'x' <a>" },
  ],
  ['text that is escaped twice', { '&amp;quot;': '' }, { [customFieldName]: '&quot;' }],
  ['a JSON number as a name', { '42': '' }, { [customFieldName]: '42' }],
  ['escapes that mean nothing', { '&#9999999; &nope;': '' }, { [customFieldName]: '&#9999999; &nope;' }],
  ['plain text instead of an object', 'lead 42', { [customFieldName]: 'lead 42' }],
  ['escaped JSON instead of an object', '{&quot;leadId&quot;:&quot;42&quot;}', { leadId: '42' }],
  ['a list', ['x'], {}],
  ['two names, one of them empty', { a: '', b: 'x' }, { a: '', b: 'x' }],
];

describe('custom parameters given as', () => {
  it.each(cases)('%s', (_, received, expected) => {
    const message = parseExotelFrame(textFrame(liveStart({ custom_parameters: received })), false);
    expect(message).toMatchObject({ kind: 'start' });
    expect(message.kind === 'start' && message.customParameters).toEqual(expected);
  });

  it('a name that would reach a prototype', () => {
    const frame = JSON.stringify(liveStart({ custom_parameters: 'HERE' })).replace(
      '"HERE"',
      '{"__proto__":"x","a":"b"}',
    );
    const message = parseExotelFrame(textFrame(frame), false);
    const parameters = message.kind === 'start' ? message.customParameters : {};
    expect(Object.entries(parameters)).toEqual([
      ['__proto__', 'x'],
      ['a', 'b'],
    ]);
  });
});
