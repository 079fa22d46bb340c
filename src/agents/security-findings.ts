import { BlockList } from 'node:net';
import type { Finding } from './finding.ts';

/** Adds an address or a range such as `203.0.113.0/24` to a list; false when it is neither. */
export function addRange(to: BlockList, range: string): boolean {
  const [address = '', prefix] = range.split('/');
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  try {
    if (prefix === undefined) to.addAddress(address, family);
    else to.addSubnet(address, Number(prefix), family);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong between the fields of `security`: half of a pair of credentials, ranges that are none. */
export function securityFindings(
  values: ReadonlyMap<string, unknown>,
  isFaulty: (path: string) => boolean,
): Finding[] {
  const has = (name: string): boolean => values.has(`security.${name}`);
  const sources = ['basic_password_env', 'basic_password_file'].filter(has);
  const finding = (name: string, expected: string, found: string, step?: number): Finding => ({
    path: step === undefined ? ['security', name] : ['security', name, step],
    at: 'value',
    expected,
    found,
  });
  const faulty = [
    'security.basic_user',
    'security.basic_password_env',
    'security.basic_password_file',
    'security.allow',
  ];
  if (faulty.some(isFaulty)) return [];
  const findings: Finding[] = [];
  if (has('basic_user') && sources.length === 0) {
    const expected = 'basic_password_env or basic_password_file beside it';
    findings.push(finding('basic_user', expected, 'a user without a password'));
  }
  if (!has('basic_user') && sources[0]) {
    findings.push(finding(sources[0], 'basic_user beside it', 'a password without a user'));
  }
  if (sources.length > 1) {
    findings.push(finding('basic_password_file', 'one place for the password', 'two'));
  }
  const allow = values.get('security.allow');
  for (const [index, range] of (Array.isArray(allow) ? allow : []).entries()) {
    if (addRange(new BlockList(), String(range))) continue;
    const expected = 'an IP address or a range such as 203.0.113.0/24';
    findings.push(finding('allow', expected, `the text ${JSON.stringify(range)}`, index));
  }
  return findings;
}
