import { expect, it } from 'vitest';
import { formatProblem, parseAgent } from '../../src/agents/index.ts';

const secret = 'hunter2-and-more';

function faults(lines: string): string[] {
  const parsed = parseAgent(`prompt: x\n${lines}`, 'shop.yaml');
  return parsed.ok ? [] : parsed.problems.map(formatProblem);
}

it.each([
  {
    what: 'a password in the clear',
    lines: `security:\n  basic_user: exotel\n  basic_password: ${secret}\n`,
    says: [
      'shop.yaml:4:3  security.basic_password: expected a field of security, found the unknown name "basic_password"',
      'basic_password_env or basic_password_file beside it',
    ],
  },
  {
    what: 'a password where the name of a variable belongs',
    lines: `security:\n  basic_user: exotel\n  basic_password_env: ${secret}\n`,
    says: [
      'security.basic_password_env: expected the name of an environment variable that holds the password, never the password, found another text, not shown',
    ],
  },
  {
    what: 'a password where the path of a file belongs',
    lines: `security:\n  basic_user: exotel\n  basic_password_file: ${secret}\n`,
    says: ['security.basic_password_file: expected the path of a file', 'found another text, not shown'],
  },
  {
    what: 'a user without a password',
    lines: 'security:\n  basic_user: exotel\n',
    says: [
      'security.basic_user: expected basic_password_env or basic_password_file beside it, found a user without a password',
    ],
  },
  {
    what: 'a password without a user',
    lines: 'security:\n  basic_password_env: SHOP\n',
    says: ['security.basic_password_env: expected basic_user beside it, found a password without a user'],
  },
  {
    what: 'two places for the password',
    lines: 'security:\n  basic_user: exotel\n  basic_password_env: SHOP\n  basic_password_file: ./shop\n',
    says: ['security.basic_password_file: expected one place for the password, found two'],
  },
  {
    what: 'ranges that are none',
    lines: 'security:\n  allow: [10.0.0.0/8, 10.0.0.0/33, 300.1.1.1, "2001:db8::/32", exotel]\n',
    says: ['security.allow'],
  },
  {
    what: 'a range that looks like one',
    lines: 'security:\n  allow: [10.0.0.0/33]\n',
    says: [
      'security.allow[0]: expected an IP address or a range such as 203.0.113.0/24, found the text "10.0.0.0/33"',
    ],
  },
  {
    what: 'a number that is none',
    lines: 'numbers: [shop]\n',
    says: ['numbers[0]: expected a phone number'],
  },
  {
    what: 'a branch that is no outcome',
    lines: 'after_call:\n  branch_b: [angry]\n',
    says: ['after_call.branch_b[0]: expected failed, or an outcome of a call'],
  },
  {
    what: 'a name that an address needs',
    lines: '',
    file: 'resolve.yaml',
    says: ['a name that no address of the service uses'],
  },
])('$what is refused, without the secret', ({ lines, says, file = 'shop.yaml' }) => {
  const parsed = parseAgent(`prompt: x\n${lines}`, file);
  const told = parsed.ok ? '' : parsed.problems.map(formatProblem).join('\n');
  for (const part of says) expect(told).toContain(part);
  expect(told).not.toContain(secret);
});

it('what is well said is taken', () => {
  const lines =
    'numbers: ["08012345678", "+91 80 1234 5679"]\nsecurity:\n  basic_user: exotel\n  basic_password_env: SHOP\n' +
    '  path_token: true\n  allow: [203.0.113.0/24, "2001:db8::/32", 198.51.100.7]\noverload: { answer: park }\n';
  expect(faults(lines)).toEqual([]);
});
