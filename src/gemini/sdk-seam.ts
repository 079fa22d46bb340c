import { GoogleGenAI, type GoogleGenAIOptions } from '@google/genai';
import { OAuth2Client } from 'google-auth-library';
import type { FrameSocket } from '../wire/index.ts';
import type { GeminiPass } from './pass.ts';

/** What the SDK hands to its socket and is told by it. */
export interface SdkCallbacks {
  onopen(): void;
  onmessage(event: { data: string }): void;
  onerror(event: { message: string }): void;
  onclose(event: { code: number; reason: string }): void;
}

/** What the SDK calls on its socket. */
export interface SdkSocket {
  connect(): void;
  send(frame: string): void;
  close(): void;
}

/** Opens a socket to the model: over the network, or in memory. */
export type GeminiDial = (url: string, headers: Record<string, string>) => FrameSocket;

/** Google: Live is documented for these; version 3 of the SDK would ask for v1. Tokens are taken by v1alpha only. */
const apiVersions = { key: 'v1beta', token: 'v1alpha', bearer: 'v1beta1', vertexKey: 'v1beta1' } as const;

type SocketFactory = (url: string, headers: Record<string, string>, callbacks: SdkCallbacks) => SdkSocket;

/**
 * The SDK's client with its socket replaced by ours: its own never reports an HTTP status and never gives up.
 *
 * @throws Error when this version of the SDK has no `webSocketFactory`; a contract test watches for that.
 */
export function clientWithOwnSocket(pass: GeminiPass, create: SocketFactory): GoogleGenAI {
  const client = new GoogleGenAI(sdkOptions(pass));
  const factory: { create: SocketFactory } = {
    create: (url, headers, callbacks) =>
      create(pass.kind === 'token' ? tokenAddress(url, pass.secret) : url, headers, callbacks),
  };
  if (!('webSocketFactory' in client.live) || !Reflect.set(client.live, 'webSocketFactory', factory)) {
    throw new Error(
      'expected @google/genai to have live.webSocketFactory, found none: this version is not supported',
    );
  }
  return client;
}

/** How the SDK is opened with a pass. */
export function sdkOptions(pass: GeminiPass): GoogleGenAIOptions {
  const { kind, baseUrl, secret } = pass;
  const httpOptions = {
    apiVersion: apiVersions[kind],
    ...(baseUrl === undefined ? {} : { baseUrl }),
  };
  if (pass.kind === 'bearer') {
    const { project, location } = pass;
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: secret });
    return { vertexai: true, project, location, googleAuthOptions: { authClient }, httpOptions };
  }
  // given a token as its key, the SDK warns on the console at each connection
  return { vertexai: kind === 'vertexKey', apiKey: kind === 'token' ? 'token' : secret, httpOptions };
}

/** Google: a token goes to a method of its own, in a parameter of its own. */
function tokenAddress(url: string, token: string): string {
  const address = new URL(url);
  address.pathname = address.pathname.replace(/BidiGenerateContent$/, 'BidiGenerateContentConstrained');
  // a name of a token needs no escapes
  address.search = `?access_token=${token}`;
  return address.toString();
}
