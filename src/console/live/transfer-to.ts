/** Whom a call is passed on to. */
export type TransferTo = { readonly to: string } | { readonly target: string };

/** The people whom an agent knows, by its field `transfer.targets`: `owner (hours), front desk`. */
export function targetNames(fields: readonly { readonly path: string; readonly value: string }[]): string[] {
  const value = fields.find(({ path }) => path === 'transfer.targets')?.value ?? '';
  return value
    .split(', ')
    .map((name) => name.replace(/ \(hours\)$/, ''))
    .filter((name) => name !== '');
}

/** What was written, as a number or as one of the people; undefined while it is neither. */
export function transferTo(written: string, names: readonly string[]): TransferTo | undefined {
  const name = names.find((one) => one.toLowerCase() === written.trim().toLowerCase());
  if (name !== undefined) return { target: name };
  const to = written.replace(/[\s()-]/g, '');
  return /^\+?\d{6,15}$/.test(to) ? { to } : undefined;
}
