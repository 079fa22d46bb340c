/** The text with which Google's JSON reader refuses a field that it does not know. */
export function unknownName(name: string, path: string): string {
  const where = path === '' ? '' : ` at '${path}'`;
  return `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`;
}
