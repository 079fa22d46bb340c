import * as z from 'zod';

/** Where a secret is: never the secret itself. */
export interface SecretReference {
  /** The environment variable that holds it. */
  readonly env?: string | undefined;
  /** The file that holds it, without the line break at its end. */
  readonly file?: string | undefined;
  /** Put before it, such as `Bearer `. */
  readonly prefix?: string | undefined;
}

/** What Baari itself is given: whoever writes an agent file must not be able to send it away. */
const ownSecret = /^(GEMINI_|GOOGLE_|EXOTEL_|AWS_|OTEL_|PG[A-Z]+$|DATABASE_URL$|S3_|BAARI_(?!SHOP_TOKEN$))/;

const expected = 'a map { env: NAME } or { file: path } that says where the secret is, never the secret';

/** A secret by reference, as agent files write it: `{ env: SHOP_TOKEN, prefix: "Bearer " }`. */
export const secretReference: z.ZodType<SecretReference> = z
  .strictObject(
    {
      env: z
        .string({ error: expected })
        .regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, {
          error: 'the name of an environment variable that holds the secret, never the secret',
        })
        .refine((name) => !ownSecret.test(name), {
          error: 'a variable that is not one of Baari’s own secrets',
        })
        .meta({ description: 'The environment variable that holds it.', isSecret: true })
        .optional(),
      file: z
        .string({ error: expected })
        .regex(/^[~./]*\/.+$/, {
          error: 'the path of a file that holds the secret, with a slash in it, never the secret',
        })
        .max(1_000)
        .meta({
          description: 'The file that holds it, relative to where Baari is started.',
          isSecret: true,
        })
        .optional(),
      prefix: z
        .string({ error: expected })
        .max(20)
        .regex(/^[A-Za-z=: -]*$/, { error: 'a word such as "Bearer "' })
        .meta({ description: 'Put before it, such as "Bearer ".', isSecret: true })
        .optional(),
    },
    { error: expected },
  )
  .superRefine(({ env, file }, context) => {
    if ((env === undefined) === (file === undefined)) {
      context.addIssue({
        code: 'custom',
        message: 'one of env and file',
        params: { found: env === undefined ? 'neither' : 'both' },
      });
    }
  })
  .meta({ isSecret: true });

/** Names under which servers expect secrets. */
const secretName = /auth|token|secret|password|api-?_?key|cookie|credential|signature/i;
/** What secrets look like: a scheme with credentials, keys of well-known makers, long runs of letters and digits. */
const secretText =
  /^(bearer|basic|digest|token)\s+\S|AIza[\w-]{10,}|\bsk[-_]\w{8,}|\bgh[opsu]_\w{10,}|\bxox[a-z]-|\beyJ[\w-]{10,}|-----BEGIN|[A-Za-z0-9+/_-]{32,}/i;

/** Whether a literal text under `name` is, or may be, a secret that does not belong into an agent file. */
export function looksLikeSecret(name: string, text: string): boolean {
  return secretName.test(name) || secretText.test(text);
}
