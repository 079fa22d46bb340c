import { expect, it } from 'vitest';
import { isPermissive, refusedLicences } from './licences.ts';

it.each([
  ['MIT', true],
  ['(MIT OR CC0-1.0)', true],
  ['(GPL-3.0-only OR MIT)', true],
  ['MIT AND Apache-2.0', true],
  ['MIT AND GPL-2.0-only', false],
  ['(MIT OR ISC) AND LGPL-3.0-or-later', false],
  ['GPL-3.0-or-later', false],
  ['AGPL-3.0', false],
  ['SEE LICENSE IN LICENSE.md', false],
  ['', false],
])('the expression "%s" can be met by permissive licences alone: %s', (expression, expected) => {
  expect(isPermissive(expression)).toBe(expected);
});

it('names what runs in production under another licence, and what names none', () => {
  const packages = {
    '': { version: '0.1.0', license: 'GPL-3.0' },
    'node_modules/good': { version: '1.0.0', license: 'MIT' },
    'node_modules/copyleft': { version: '2.0.0', license: 'GPL-3.0' },
    'node_modules/good/node_modules/silent': { version: '3.0.0' },
    'node_modules/tool': { version: '4.0.0', license: 'GPL-3.0', dev: true },
  };
  expect(refusedLicences({ packages })).toEqual([
    expect.stringMatching(/^copyleft@2\.0\.0: expected one of MIT, .* found GPL-3\.0$/),
    expect.stringMatching(/^silent@3\.0\.0: expected one of MIT, .* found no licence$/),
  ]);
});
