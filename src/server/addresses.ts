/** The path Exotel connects to for an agent. */
const streamPathPrefix = '/exotel/';

/** The agent that an upgrade asks for, or undefined when the path is not a stream's. */
export function agentOfPath(path: string): string | undefined {
  const match = /^\/exotel\/([a-z0-9][a-z0-9-]*)\/?$/.exec(path.split('?')[0] ?? '');
  return match?.[1];
}

/** The address to paste into Exotel's Voicebot applet. */
export function streamAddress(base: string, agent: string): string {
  return `${base.replace(/^http/, 'ws')}${streamPathPrefix}${agent}`;
}
