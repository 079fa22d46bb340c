import { charts } from 'virtual:charts';
import { Alert, Group, Text } from '@mantine/core';
import { memo, useMemo } from 'react';
import type { CallRow, ChartState } from '../../inspection/format.ts';
import { useSession } from '../shell/session-gate.tsx';
import { litStates, takes } from './chart-place.ts';
import { EndButton } from './end-button.tsx';
import { MuteButton } from './mute-button.tsx';
import { SayForm } from './say-form.tsx';
import { TransferForm } from './transfer-form.tsx';
import { useCommand } from './use-command.ts';

const callChart = charts.find(({ id }) => id === 'call');

/** What may be done to a call: events, each open only while the chart of the call takes it. */
export const CallControls = memo(({ row, state }: { row: CallRow; state: ChartState | undefined }) => {
  const mayControl = useSession().scopes.includes('calls:control');
  const { callId, isMuted } = row;
  const command = useCommand(callId);
  const lit = useMemo(() => litStates(state), [state]);
  if (!mayControl) {
    return (
      <Text size="sm" c="dimmed">
        You may watch this call, not command it.
      </Text>
    );
  }
  return (
    <>
      <Group align="end" gap="md">
        <SayForm command={command} isOpen={takes(callChart, lit, 'call.say')} />
        <TransferForm agent={row.agent} command={command} isOpen={takes(callChart, lit, 'call.transfer')} />
        <MuteButton
          command={command}
          isMuted={isMuted}
          isOpen={takes(callChart, lit, isMuted ? 'call.unmute' : 'call.mute')}
        />
        <EndButton command={command} isOpen={takes(callChart, lit, 'call.end') && !isClosing(lit)} />
      </Group>
      {command.error && (
        <Alert color="red" withCloseButton closeButtonLabel="Close" onClose={command.reset} mt="xs">
          {errorWords(command.error)}
        </Alert>
      )}
    </>
  );
});

/** A call that ends already notes that it is to end, and does nothing. */
function isClosing(lit: ReadonlySet<string>): boolean {
  return lit.has('call.live.closing');
}

/** What the service says, without what only its API knows. */
function errorWords({ message }: Error): string {
  return `The call did not take it: ${message.replace(/; force .*$/, '')}.`;
}
