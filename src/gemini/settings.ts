/** How the model shall behave in a call; made from an agent. */
export interface GeminiSettings {
  readonly model: string;
  readonly instruction: string;
  readonly voice: string;
  /** BCP-47; the model follows the speaker when it is not given. */
  readonly languageCode: string | undefined;
  readonly temperature: number | undefined;
  readonly transcribeCaller: boolean;
  readonly transcribeAgent: boolean;
  /** Who decides that the caller's turn has ended. */
  readonly turnOwner: 'baari' | 'gemini';
  readonly automaticDetection: {
    readonly startSensitivity: 'high' | 'low';
    readonly endSensitivity: 'high' | 'low';
    readonly prefixPaddingMs: number;
    readonly silenceDurationMs: number;
  };
  /** What the model is told so that it speaks first. */
  readonly greeting: string;
}

/** Where the model is and how to get in; never logged. */
export interface GeminiAccess {
  readonly apiKey: string;
  /** Overrides Google's address, `http:` or `https:`; the SDK turns every other scheme into `wss:`. */
  readonly baseUrl: string | undefined;
}
