import type { TransferTo } from '../live/transfer-to.ts';
import { ask } from './ask.ts';

/** What may be asked of a live call, as events that its chart takes or does not. */
export type LiveCommand =
  | { readonly command: 'say'; readonly body: { readonly sentence: string } }
  | {
      readonly command: 'transfer';
      readonly body: TransferTo & { readonly announce: boolean; readonly force: boolean };
    }
  | { readonly command: 'mute'; readonly body: { readonly isMuted: boolean } }
  | { readonly command: 'end' };

/** Asks something of a live call. @throws ApiError, also when the call cannot take it at this moment */
export async function commandCall(callId: string, asked: LiveCommand): Promise<void> {
  await ask(`api/live/${encodeURIComponent(callId)}/${asked.command}`, {
    method: 'POST',
    ...('body' in asked && { body: asked.body }),
  });
}
