import { type ExotelCall, isEnded } from '../exotel/index.ts';
import { createLog } from '../observe/index.ts';
import { type OutboundCode, OutboundError } from '../outbound/index.ts';
import { openDialler, readExotelAccess } from './outbound.ts';
import { type Terminal, UserError } from './output.ts';
import { agentsFolder, readAgents, readLogLevel } from './settings.ts';

/** What `baari call` was asked for. */
export interface CallOptions {
  readonly agents?: string;
  readonly field?: readonly string[];
  /** False with `--no-wait`. */
  readonly wait?: boolean;
  readonly json?: boolean;
  readonly logLevel?: string;
}

/** What was asked for wrongly, rather than went wrong. */
const mistakes: readonly OutboundCode[] = [
  'outbound.bad-number',
  'outbound.bad-fields',
  'outbound.not-configured',
];

/** `baari call`: places one call and follows it to its end. Resolves with the exit code: 0 only when it was answered. */
export async function runCall(
  agentName: string,
  number: string,
  options: CallOptions,
  terminal: Terminal,
): Promise<number> {
  const { env, stdout, stderr } = terminal;
  const access = readExotelAccess(env);
  if (!access) {
    const message = 'expected EXOTEL_API_KEY, EXOTEL_API_TOKEN, EXOTEL_SID and EXOTEL_SUBDOMAIN, found none';
    throw new UserError(message, 2);
  }
  const agents = await readAgents(agentsFolder(options.agents, env), terminal);
  const agent = agents.get(agentName);
  if (!agent) {
    throw new UserError(
      `expected one of the agents ${[...agents.keys()].join(', ')}, found "${agentName}"`,
      2,
    );
  }
  const level = readLogLevel(options.logLevel ?? env.BAARI_LOG_LEVEL, 'silent');
  const log = createLog({ level, destination: { write: (line) => void stderr.write(line) } });
  const dialler = openDialler(access, env, log);
  const tell = (id: string, call: ExotelCall): void => {
    const { sid, status, durationS } = call;
    if (options.json) stdout.write(`${JSON.stringify({ id, callSid: sid, status, durationS })}\n`);
    else stdout.write(`${status}  ${sid}${durationS === undefined ? '' : `  ${durationS} s`}\n`);
  };
  try {
    const placed = await dialler.place(agent, { number, fields: fieldsOf(options.field ?? []) });
    tell(placed.id, placed.call);
    if (options.wait === false) return 0;
    const last = await dialler.follow(agent, placed, (call) => tell(placed.id, call));
    if (!isEnded(last.status))
      stderr.write('baari: the call goes on at Exotel; it is not followed any longer\n');
    return last.status === 'completed' ? 0 : 1;
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    const { code, message, retryAfterMs } = error;
    if (options.json) stdout.write(`${JSON.stringify({ code, error: message, retryAfterMs })}\n`);
    throw new UserError(`${code}: ${message}`, mistakes.includes(code) ? 2 : 1);
  }
}

/** Custom fields from `name=value` texts. @throws UserError */
function fieldsOf(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new UserError(`--field: expected name=value, found "${text}"`, 2);
    }),
  );
}
