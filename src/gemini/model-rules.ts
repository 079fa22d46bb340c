/** What a model demands or refuses in the set-up (Google: rules differ per model and are answered with 1007). */
export interface ModelRule {
  readonly model: string;
  /** Whether the set-up must, may not, or may carry `thinkingConfig`. */
  readonly thinking: 'refused' | 'required' | 'optional';
  /** Whether `speechConfig.languageCode` is taken. */
  readonly takesLanguageCode: boolean;
  /** Whether `inputAudioTranscription` may carry `languageCodes` and `customVocabulary`. */
  readonly takesTranscriptionHints: boolean;
  /** Which tools it takes: those that it waits for, those that it does not, either, or none at all. */
  readonly tools: 'either' | 'blocking' | 'nonBlocking' | 'refused';
  /** Whether the answer of a non-blocking tool may carry `scheduling`; refused with 1007 otherwise. */
  readonly takesScheduling: boolean;
}

const rules: readonly ModelRule[] = [
  {
    model: 'gemini-3.8-live',
    thinking: 'refused',
    takesLanguageCode: true,
    takesTranscriptionHints: true,
    tools: 'either',
    takesScheduling: true,
  },
  {
    model: 'gemini-3.8-live-extended-thinking',
    thinking: 'required',
    takesLanguageCode: true,
    takesTranscriptionHints: true,
    tools: 'nonBlocking',
    takesScheduling: false,
  },
  {
    model: 'gemini-3.1-flash-live-preview',
    thinking: 'optional',
    takesLanguageCode: false,
    takesTranscriptionHints: false,
    tools: 'blocking',
    takesScheduling: false,
  },
  {
    model: 'gemini-2.5-flash-native-audio-preview-12-2025',
    thinking: 'optional',
    takesLanguageCode: false,
    takesTranscriptionHints: false,
    tools: 'refused',
    takesScheduling: false,
  },
];

/** The rule for `model`; an unknown model gets the most careful one: nothing that some model refuses is sent. */
export function ruleFor(model: string): ModelRule {
  const name = modelName(model);
  return (
    rules.find((rule) => rule.model === name) ?? {
      model: name,
      thinking: 'optional',
      takesLanguageCode: false,
      takesTranscriptionHints: false,
      tools: 'blocking',
      takesScheduling: false,
    }
  );
}

/** How a tool is run for a model. */
export interface ToolMode {
  readonly blocking: boolean;
  readonly takesScheduling: boolean;
}

/** How a tool that wishes to be `blocking`, or not, is run for `model`; undefined when the model refuses tools. */
export function toolMode(model: string, blocking: boolean): ToolMode | undefined {
  const { tools, takesScheduling } = ruleFor(model);
  if (tools === 'refused') return undefined;
  const isBlocking = tools === 'either' ? blocking : tools === 'blocking';
  return { blocking: isBlocking, takesScheduling: takesScheduling && !isBlocking };
}

/** The bare name of a model that may stand with its place, such as `models/…` or `publishers/google/models/…`. */
export function modelName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1);
}
