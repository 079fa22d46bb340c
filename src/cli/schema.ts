import { agentJsonSchema } from '../agents/index.ts';
import { callJsonSchema } from '../records/index.ts';
import { type Terminal, UserError } from './output.ts';

/** `baari schema`: prints a published JSON Schema. Resolves with the exit code. @throws UserError for an unknown name */
export async function runSchema(what: string, { stdout }: Terminal): Promise<number> {
  const schemas: Readonly<Record<string, () => object>> = { agent: agentJsonSchema, call: callJsonSchema };
  const make = schemas[what];
  if (!make) throw new UserError(`expected agent or call, found "${what}"`, 2);
  stdout.write(`${JSON.stringify(make(), null, 2)}\n`);
  return 0;
}
