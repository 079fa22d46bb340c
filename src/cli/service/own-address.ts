import type { BaariServer } from '../../server/index.ts';
import { type Terminal, UserError } from '../output.ts';
import type { About } from './worker-messages.ts';

/** Starts to listen; resolves to the base address. @throws UserError when it cannot */
export async function listen(server: BaariServer, host: string, port: number): Promise<string> {
  try {
    return await server.listen();
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new UserError(`cannot listen on ${host}:${port}: ${reason}`);
  }
}

/** Tells the user where the service answers, in words or as JSON. */
export function tellAddresses(about: About, isJson: boolean, { stdout }: Terminal): void {
  stdout.write(isJson ? `${JSON.stringify(about)}\n` : greeting(about));
}

function greeting({ address, model, agents }: About): string {
  const who =
    model === 'simulated'
      ? 'the built-in simulated Gemini: no key in GEMINI_API_KEY. It plays recorded lines and understands nothing.'
      : 'Gemini Live';
  const rows = agents.map((agent) => `  ${agent.name}  ${agent.address}`).join('\n');
  return `Baari answers calls on ${address} with ${who}\nFor Exotel's Voicebot applet (use your public host and wss):\n${rows}\n`;
}

/** Whether only this machine reaches `host`. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
