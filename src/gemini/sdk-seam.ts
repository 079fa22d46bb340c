import { GoogleGenAI } from '@google/genai';
import type { FrameSocket } from '../wire/index.ts';
import type { GeminiAccess } from './settings.ts';

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

/** Google: Live is documented for v1beta; version 3 of the SDK would ask for v1. */
const apiVersion = 'v1beta';

type SocketFactory = (url: string, headers: Record<string, string>, callbacks: SdkCallbacks) => SdkSocket;

/**
 * The SDK's client with its socket replaced by ours: its own never reports an HTTP status and never gives up.
 *
 * @throws Error when this version of the SDK has no `webSocketFactory`; a contract test watches for that.
 */
export function clientWithOwnSocket({ apiKey, baseUrl }: GeminiAccess, create: SocketFactory): GoogleGenAI {
  const client = new GoogleGenAI({
    apiKey,
    vertexai: false,
    httpOptions: { apiVersion, ...(baseUrl === undefined ? {} : { baseUrl }) },
  });
  if (!('webSocketFactory' in client.live) || !Reflect.set(client.live, 'webSocketFactory', { create })) {
    throw new Error(
      'expected @google/genai to have live.webSocketFactory, found none: this version is not supported',
    );
  }
  return client;
}
