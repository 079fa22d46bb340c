import * as z from 'zod';
import { data } from './field.ts';
import { secretReference } from './secret-reference.ts';

/** What a receiver can be told of. */
const events = ['call.started', 'tool.failed', 'message.taken', 'call.transferring', 'call.ended'] as const;

function isReceiver(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.hash === '';
}

const receiver = z
  .strictObject(
    {
      url: z
        .string({ error: 'an http: or https: address' })
        .max(2_000)
        .refine(isReceiver, { error: 'an http: or https: address without a user and a fragment' })
        .meta({ description: 'Where messages are posted to.' }),
      secret: secretReference
        .refine(({ env }) => !env?.startsWith('whsec_'), {
          error: 'the name of an environment variable that holds the secret, never the secret',
          path: ['env'],
        })
        .meta({
          description: 'Where the secret is that messages are signed with, of the form whsec_… .',
          isSecret: true,
        }),
      private: z.boolean({ error: 'true or false' }).optional().meta({
        description: 'Whether the address may lead to a private network, or to this machine.',
        default: false,
      }),
      events: z
        .array(z.enum(events, { error: `one of ${events.join(', ')}` }), { error: 'a list of events' })
        .min(1, { error: `a list of at least one of ${events.join(', ')}` })
        .optional()
        .meta({ description: 'What is told; everything when left out.' }),
      transcript: z.boolean({ error: 'true or false' }).optional().meta({
        description: 'Whether call.ended and call.transferring carry what was said.',
        default: true,
      }),
      give_up_h: z
        .int({ error: 'a whole number from 1 to 720 h' })
        .min(1, { error: 'a whole number from 1 to 720 h' })
        .max(720, { error: 'a whole number from 1 to 720 h' })
        .optional()
        .meta({ description: 'A message that nobody takes for so long is given up. Unit: h.', default: 72 }),
    },
    { error: 'a map with a url and a secret' },
  )
  .transform(
    ({
      url,
      secret,
      private: isPrivate = false,
      events: wanted = [...events],
      transcript = true,
      give_up_h: giveUpH = 72,
    }) => ({ url, secret, isPrivate, events: wanted, transcript, giveUpH }),
  );

/** Who is told of an agent's calls. */
export const webhooks = data(
  {
    schema: z
      .array(receiver, { error: 'a list of receivers' })
      .max(10, { error: 'at most 10 receivers' })
      .refine((given) => new Set(given.map(({ url }) => url)).size === given.length, {
        error: 'receivers with different addresses',
      }),
    default: [],
    expected: 'a list of receivers, each with a url and a secret',
    shown: (given) => given.map(({ url, events: wanted }) => `${new URL(url).host} (${wanted.join(' ')})`),
  },
  'Who is told of calls, as Standard Webhooks says: address, secret by reference, events.',
);
