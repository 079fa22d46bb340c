import {
  AccessError,
  type GeminiAccess,
  type GeminiDial,
  givenToken,
  googleBearer,
  tokensFromCommand,
  tokensFromService,
} from '../gemini/index.ts';
import type { Clock } from '../time/index.ts';
import { dialWebSocket, fetchThrough, type ProxySettings } from '../wire/index.ts';
import { type Terminal, UserError } from './output.ts';

type Env = Terminal['env'];

/** The variables that hold an API key; the first outranks the second, as in Google's SDK. */
const keyNames = ['GOOGLE_API_KEY', 'GEMINI_API_KEY'];
/** The variables that say where ephemeral tokens come from. */
const tokenNames = ['BAARI_GEMINI_TOKEN', 'BAARI_GEMINI_TOKEN_URL', 'BAARI_GEMINI_TOKEN_COMMAND'];
/** The variables that name a project of Google Cloud, and who acts for it. */
const projectNames = ['GOOGLE_CLOUD_PROJECT', 'GOOGLE_CLOUD_LOCATION', 'GOOGLE_APPLICATION_CREDENTIALS'];

/**
 * Longest wait for Gemini to answer the upgrade, through a proxy or not, ms: less than the usual `limits.setup_ms`, so
 * that a failure tells who did not answer.
 */
const handshakeMs = 8000;
/** Largest message of Gemini, bytes. */
const maxModelFrameBytes = 16 * 1024 * 1024;

/** Opens connections to Gemini over the network, through `proxies` where they are given. */
export function geminiDial(proxies?: ProxySettings): GeminiDial {
  return (url, headers) =>
    dialWebSocket(url, { headers, handshakeMs, maxFrameBytes: maxModelFrameBytes, proxies });
}

/** How Gemini is reached. */
export interface WayToGemini {
  readonly access: GeminiAccess;
  readonly dial: GeminiDial;
  /** How text models are asked; directly without it. */
  readonly fetch?: typeof fetch;
}

/** What {@link findGoogle} looks for, for an error that says that nothing was found. */
export const waysToGemini =
  'a key in GEMINI_API_KEY (or GOOGLE_API_KEY), tokens (BAARI_GEMINI_TOKEN_URL) or Vertex AI (GOOGLE_GENAI_USE_VERTEXAI)';

/**
 * The way to Google's server that the environment describes; undefined when it describes none.
 *
 * @throws UserError naming the variables, not their values, when it describes more than one way, or one in part
 */
export async function findGoogle(env: Env, clock: Clock): Promise<WayToGemini | undefined> {
  const access = await readAccess(env, clock);
  if (!access) return undefined;
  const proxies = readProxies(env);
  return { access, dial: geminiDial(proxies), fetch: fetchThrough(proxies) };
}

async function readAccess(env: Env, clock: Clock): Promise<GeminiAccess | undefined> {
  const isSet = (name: string): boolean => Boolean(env[name]);
  if (readVertexFlag(env)) return vertexAccess(env, clock);
  const found = [...keyNames.filter(isSet).slice(0, 1), ...tokenNames.filter(isSet)];
  if (found.length > 1) {
    throw new UserError(`expected one way to Gemini, found ${found.join(' and ')}`, 2);
  }
  const baseUrl = readBaseUrl(env, 'GOOGLE_GEMINI_BASE_URL');
  const apiKey = readKey(env);
  // the SDK takes a token in place of a key too
  if (apiKey?.startsWith('auth_tokens/')) return { newToken: givenToken(apiKey), baseUrl };
  if (apiKey) return { apiKey, baseUrl };
  const newToken = readTokens(env, clock);
  return newToken ? { newToken, baseUrl } : undefined;
}

/** The proxies that the environment names, in capitals or not. @throws UserError without the value */
function readProxies(env: Env): ProxySettings {
  const named = (name: string): string => env[name.toLowerCase()] || env[name] || '';
  return {
    https: readProxy('HTTPS_PROXY', named('HTTPS_PROXY')),
    http: readProxy('HTTP_PROXY', named('HTTP_PROXY')),
    except: named('NO_PROXY')
      .split(/[\s,]+/)
      .filter(Boolean),
  };
}

function readProxy(name: string, value: string): URL | undefined {
  if (value === '') return undefined;
  // curl takes a proxy without a scheme too
  const url = parseUrl(value.includes('://') ? value : `http://${value}`);
  if (url && /^https?:$/.test(url.protocol) && url.hostname) return url;
  throw new UserError(
    `${name}: expected an http: or https: address, found ${url?.protocol ?? 'no address'}`,
    2,
  );
}

function readVertexFlag(env: Env): boolean {
  const name = env.GOOGLE_GENAI_USE_ENTERPRISE ? 'GOOGLE_GENAI_USE_ENTERPRISE' : 'GOOGLE_GENAI_USE_VERTEXAI';
  const value = env[name]?.toLowerCase() ?? '';
  if (['true', '1'].includes(value)) return true;
  if (['', 'false', '0'].includes(value)) return false;
  throw new UserError(`${name}: expected true or false, found "${value}"`, 2);
}

async function vertexAccess(env: Env, clock: Clock): Promise<GeminiAccess> {
  const isSet = (name: string): boolean => Boolean(env[name]);
  const keys = keyNames.filter(isSet).slice(0, 1);
  const ofProject = projectNames.filter(isSet);
  const stray = tokenNames.filter(isSet);
  if (stray.length > 0 || (keys.length > 0 && ofProject.length > 0)) {
    const found = [...keys, ...ofProject, ...stray].join(' and ');
    throw new UserError(`Vertex AI: expected either an API key or a project, found ${found}`, 2);
  }
  const baseUrl = readBaseUrl(env, 'GOOGLE_VERTEX_BASE_URL');
  const vertexKey = readKey(env);
  if (vertexKey) return { vertexKey, baseUrl };
  const { GOOGLE_CLOUD_PROJECT: project, GOOGLE_CLOUD_LOCATION: location } = env;
  if (!project || !location) {
    const found = ofProject.length > 0 ? `only ${ofProject.join(' and ')}` : 'neither';
    throw new UserError(
      `Vertex AI: expected GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION (or GOOGLE_API_KEY), found ${found}`,
      2,
    );
  }
  try {
    const keyFile = env.GOOGLE_APPLICATION_CREDENTIALS || undefined;
    return { project, location, bearer: await googleBearer({ keyFile, clock }), baseUrl };
  } catch (error) {
    if (!(error instanceof AccessError)) throw error;
    throw new UserError(`Vertex AI: GOOGLE_APPLICATION_CREDENTIALS: ${error.message}`, 2);
  }
}

/** The key, without the end of line that a file of secrets may have. @throws UserError without the value */
function readKey(env: Env): string | undefined {
  const name = keyNames.find((candidate) => env[candidate]);
  const key = name && env[name]?.trim();
  if (!key) return undefined;
  // the SDK puts it into an address as it is
  if (/^[^\s#&?%"'<>]+$/.test(key)) return key;
  throw new UserError(`${name}: expected an API key, found characters that no key has`, 2);
}

function readTokens(env: Env, clock: Clock): (() => Promise<string>) | undefined {
  if (env.BAARI_GEMINI_TOKEN) return givenToken(env.BAARI_GEMINI_TOKEN.trim());
  if (env.BAARI_GEMINI_TOKEN_COMMAND) return tokensFromCommand(env.BAARI_GEMINI_TOKEN_COMMAND, clock);
  const url = readUrl(env, 'BAARI_GEMINI_TOKEN_URL');
  const authorization = env.BAARI_GEMINI_TOKEN_AUTHORIZATION || undefined;
  if (url) return tokensFromService({ url, authorization }, clock);
  if (!authorization) return undefined;
  throw new UserError('BAARI_GEMINI_TOKEN_AUTHORIZATION: expected BAARI_GEMINI_TOKEN_URL too, found none', 2);
}

function readBaseUrl(env: Env, name: string): string | undefined {
  return readUrl(env, name) && env[name];
}

/** An address of the web. @throws UserError without the value, which may hold a password */
function readUrl(env: Env, name: string): URL | undefined {
  const value = env[name];
  if (!value) return undefined;
  const url = parseUrl(value);
  if (url && /^https?:$/.test(url.protocol)) return url;
  throw new UserError(
    `${name}: expected an http: or https: address, found ${url?.protocol ?? 'no address'}`,
    2,
  );
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
