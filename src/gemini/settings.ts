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

/** The Developer API by its key, which is in the query of the address. */
interface KeyAccess {
  readonly apiKey: string;
  /** Overrides Google's address, `http:` or `https:`; the SDK turns every other scheme into `wss:`. */
  readonly baseUrl: string | undefined;
}

/** The Developer API by ephemeral tokens: a new one for each connection, since Google takes each once by default. */
interface TokenAccess {
  /** Resolves to `auth_tokens/…`; rejects with an `AccessError`. */
  readonly newToken: () => Promise<string>;
  readonly baseUrl: string | undefined;
}

/** Vertex AI as a Google Cloud project. */
interface ProjectAccess {
  readonly project: string;
  /** Such as `us-central1`. */
  readonly location: string;
  /** Resolves to an access token of Google Cloud that is valid now; rejects with an `AccessError`. */
  readonly bearer: () => Promise<string>;
  readonly baseUrl: string | undefined;
}

/** Vertex AI by an API key, which is in a header. */
interface VertexKeyAccess {
  readonly vertexKey: string;
  readonly baseUrl: string | undefined;
}

/** Where the model is and how to get in; never logged. */
export type GeminiAccess = KeyAccess | TokenAccess | ProjectAccess | VertexKeyAccess;
