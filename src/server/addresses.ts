/** The path Exotel connects to for an agent. */
const streamPathPrefix = '/exotel/';

/** The longest token in a path that is looked at, characters. */
export const longestToken = 500;

/** What the path of a stream says. */
export interface StreamPath {
  readonly agent: string;
  /** The token that lets its bearer in; it stands in the path because Exotel strips the query. */
  readonly token: string | undefined;
}

/** Reads the path of an upgrade; undefined when it is not a stream's. */
export function readStreamPath(path: string): StreamPath | undefined {
  const match = /^\/exotel\/([a-z0-9][a-z0-9-]*)(?:\/t\/([\w.-]{1,500}))?\/?$/.exec(path.split('?')[0] ?? '');
  return match?.[1] ? { agent: match[1], token: match[2] } : undefined;
}

/** The address to paste into Exotel's Voicebot applet, or with a token the one that its dynamic URL gives out. */
export function streamAddress(base: string, agent: string, token?: string): string {
  const path = `${streamPathPrefix}${agent}${token === undefined ? '' : `/t/${token}`}`;
  return `${base.replace(/^http/, 'ws')}${path}`;
}
