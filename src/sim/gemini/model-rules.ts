import type { Setup } from './client-messages.ts';
import { unknownName } from './unknown-name.ts';

/** How one model differs from the others on the wire; published or observed behaviour, autumn 2026. */
export interface ModelRules {
  readonly thinking: 'refused' | 'allowed' | 'levelRequired';
  /** `enableAffectiveDialog`: refused at the first frame after set-up, or accepted on v1alpha only. */
  readonly affectiveDialog: 'refusedAtFirstFrame' | 'v1alphaOnly';
  /** `proactivity`: always on (false is an error), set-up never answered, or accepted on v1alpha only. */
  readonly proactivity: 'alwaysOn' | 'setupUnanswered' | 'v1alphaOnly';
  /** Whether `audioStreamEnd` closes the caller's turn. */
  readonly audioStreamEndClosesTurn: boolean;
  readonly transcribesOutputUnasked: boolean;
  readonly reportsVoiceActivity: boolean;
  readonly reportsInteractionStatus: boolean;
  readonly toolBehavior: 'BLOCKING' | 'NON_BLOCKING';
  readonly tools: 'allowed' | 'refused' | 'nonBlockingWithoutScheduling';
  readonly toolIdPrefix: string;
}

const live38: ModelRules = {
  thinking: 'refused',
  affectiveDialog: 'refusedAtFirstFrame',
  proactivity: 'alwaysOn',
  audioStreamEndClosesTurn: false,
  transcribesOutputUnasked: true,
  reportsVoiceActivity: true,
  reportsInteractionStatus: false,
  toolBehavior: 'NON_BLOCKING',
  tools: 'allowed',
  toolIdPrefix: 'call_',
};

/** The models that the simulated server serves. */
const modelRules: Readonly<Record<string, ModelRules>> = {
  'models/gemini-3.8-live': live38,
  'models/gemini-3.8-live-extended-thinking': {
    ...live38,
    thinking: 'levelRequired',
    reportsInteractionStatus: true,
    tools: 'nonBlockingWithoutScheduling',
  },
  'models/gemini-3.1-flash-live-preview': {
    ...live38,
    thinking: 'allowed',
    proactivity: 'setupUnanswered',
    audioStreamEndClosesTurn: true,
    transcribesOutputUnasked: false,
    reportsVoiceActivity: false,
    toolBehavior: 'BLOCKING',
    toolIdPrefix: 'fc_',
  },
  'models/gemini-2.5-flash-native-audio-preview-12-2025': {
    ...live38,
    thinking: 'allowed',
    affectiveDialog: 'v1alphaOnly',
    proactivity: 'v1alphaOnly',
    audioStreamEndClosesTurn: true,
    transcribesOutputUnasked: false,
    reportsVoiceActivity: false,
    toolBehavior: 'BLOCKING',
    tools: 'refused',
    toolIdPrefix: 'function-call-',
  },
  'models/gemini-live-2.5-flash-native-audio': {
    ...live38,
    thinking: 'allowed',
    affectiveDialog: 'v1alphaOnly',
    proactivity: 'v1alphaOnly',
    audioStreamEndClosesTurn: true,
    transcribesOutputUnasked: false,
    reportsVoiceActivity: false,
    toolBehavior: 'BLOCKING',
    toolIdPrefix: 'function-call-',
  },
};

/** What the server does with a set-up that is well-formed. */
export type SetupVerdict =
  | { readonly kind: 'accept'; readonly rules: ModelRules; readonly refuseFirstFrame: boolean }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'close'; readonly code: number; readonly reason: string };

const invalidArgument: SetupVerdict = {
  kind: 'close',
  code: 1007,
  reason: 'Request contains an invalid argument.',
};

/** Vertex AI: a model belongs to a place, or to its publisher where an API key says whose project it is. */
const vertexModel = /^(?:projects\/[^/]+\/locations\/[^/]+\/)?publishers\/google\/(models\/[^/]+)$/;

/** Judges a set-up by the rules of its model; `apiVersion` is `v1beta` or `v1alpha`. */
export function judgeSetup(
  setup: Setup,
  apiVersion: string,
  platform: 'developer' | 'vertex' = 'developer',
): SetupVerdict {
  const { model, generationConfig = {}, proactivity, tools } = setup;
  const rules = modelRules[platform === 'vertex' ? (vertexModel.exec(model)?.[1] ?? '') : model];
  if (!rules) {
    return {
      kind: 'close',
      code: 1008,
      reason: `${model} is not found for API version ${apiVersion}, or is not supported for bidiGenerateContent.`,
    };
  }
  const modalities = generationConfig.responseModalities ?? ['AUDIO'];
  if (modalities.length !== 1 || modalities[0] !== 'AUDIO') return invalidArgument;
  const thinking = generationConfig.thinkingConfig;
  if (rules.thinking === 'refused' && thinking) {
    return { kind: 'close', code: 1007, reason: 'Thinking is not supported by this model.' };
  }
  if (rules.thinking === 'levelRequired' && !/^(LOW|MEDIUM|HIGH)$/.test(thinking?.thinkingLevel ?? '')) {
    return {
      kind: 'close',
      code: 1007,
      reason: 'This model requires a thinking level of low, medium or high.',
    };
  }
  if (proactivity) {
    if (rules.proactivity === 'setupUnanswered') return { kind: 'ignore' };
    if (rules.proactivity === 'alwaysOn' && proactivity.proactiveAudio === false) return invalidArgument;
    if (rules.proactivity === 'v1alphaOnly' && apiVersion !== 'v1alpha') {
      return { kind: 'close', code: 1007, reason: unknownName('proactivity', 'setup') };
    }
  }
  const isAffective = generationConfig.enableAffectiveDialog === true;
  if (isAffective && rules.affectiveDialog === 'v1alphaOnly' && apiVersion !== 'v1alpha') {
    return {
      kind: 'close',
      code: 1007,
      reason: unknownName('enableAffectiveDialog', 'setup.generation_config'),
    };
  }
  const declared = tools?.flatMap((tool) => tool.functionDeclarations ?? []) ?? [];
  if (declared.length > 0 && rules.tools === 'refused') {
    return {
      kind: 'close',
      code: 1008,
      reason: 'Operation is not implemented, or supported, or enabled.',
    };
  }
  const hasBlocking = declared.some((tool) => tool.behavior === 'BLOCKING');
  if (hasBlocking && rules.tools === 'nonBlockingWithoutScheduling') return invalidArgument;
  return {
    kind: 'accept',
    rules,
    refuseFirstFrame: isAffective && rules.affectiveDialog === 'refusedAtFirstFrame',
  };
}
