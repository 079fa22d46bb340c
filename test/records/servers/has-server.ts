/** Tells whether tests can use a server; says it where they are left out. @throws Error where BAARI_TEST_SERVERS=required */
export function hasServer(name: string, isThere: boolean): boolean {
  if (isThere) return true;
  if (process.env.BAARI_TEST_SERVERS === 'required')
    throw new Error(`expected ${name} on this machine (BAARI_TEST_SERVERS=required), found none`);
  console.warn(`${name} is not on this machine: its tests are left out`);
  return false;
}
