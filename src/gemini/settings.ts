/** A function that the model may call. */
export interface ToolDeclaration {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments: of an object. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether the model is to stay silent until it has the result. */
  readonly blocking: boolean;
}

/** When the model speaks of the result of a tool that it did not wait for (Google). */
export type ToolScheduling = 'INTERRUPT' | 'WHEN_IDLE' | 'SILENT';

/** A call of the model that is to be answered, once, under its `key`. */
export interface ToolRequest {
  readonly key: string;
  readonly name: string;
  /** As the model sent them: not checked. */
  readonly args: unknown;
}

/** What the model is told of a call. */
export interface ToolAnswer {
  /** Google: `output` is taken for the result, `error` for what went wrong. */
  readonly response: { readonly output: unknown } | { readonly error: string };
  /** Where the model takes one, see {@link toolMode}; it then defaults to WHEN_IDLE. */
  readonly scheduling: ToolScheduling | undefined;
}

/** How the model shall behave in a call; made from an agent. */
export interface GeminiSettings {
  readonly model: string;
  readonly instruction: string;
  readonly voice: string;
  /** BCP-47; the model follows the speaker when it is not given. */
  readonly languageCode: string | undefined;
  readonly temperature: number | undefined;
  /** BCP-47; hints at what the caller speaks, for models that take them. */
  readonly callerLanguages: readonly string[];
  /** Phrases that the caller's transcript is to know, for models that take them. */
  readonly callerVocabulary: readonly string[];
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
  readonly tools: readonly ToolDeclaration[];
  /** What the model is told so that it speaks first. */
  readonly greeting: string;
  /** A recorded greeting instead, mono at the model's output rate, and what it says. */
  readonly greetingClip?: { readonly samples: Int16Array; readonly words: string } | undefined;
  /** What it says to a silent caller, word for word; in its own words where undefined. */
  readonly words?: { readonly ask: string | undefined; readonly goodbye: string | undefined };
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
