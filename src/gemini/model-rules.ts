/** What a model demands or refuses in the set-up (Google: rules differ per model and are answered with 1007). */
export interface ModelRule {
  readonly model: string;
  /** Whether the set-up must, may not, or may carry `thinkingConfig`. */
  readonly thinking: 'refused' | 'required' | 'optional';
  /** Whether `speechConfig.languageCode` is taken. */
  readonly takesLanguageCode: boolean;
}

const rules: readonly ModelRule[] = [
  { model: 'gemini-3.8-live', thinking: 'refused', takesLanguageCode: true },
  { model: 'gemini-3.8-live-extended-thinking', thinking: 'required', takesLanguageCode: true },
  { model: 'gemini-3.1-flash-live-preview', thinking: 'optional', takesLanguageCode: false },
  { model: 'gemini-2.5-flash-native-audio-preview-12-2025', thinking: 'optional', takesLanguageCode: false },
];

/** The rule for `model`; an unknown model gets the most careful one: nothing that some model refuses is sent. */
export function ruleFor(model: string): ModelRule {
  const name = model.replace(/^models\//, '');
  return (
    rules.find((rule) => rule.model === name) ?? {
      model: name,
      thinking: 'optional',
      takesLanguageCode: false,
    }
  );
}
