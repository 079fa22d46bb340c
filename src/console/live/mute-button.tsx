import { Button } from '@mantine/core';
import { IconMicrophone, IconMicrophoneOff } from '@tabler/icons-react';
import type { ChartState } from '../../inspection/format.ts';
import type { DrawnChart } from '../charts/drawn-chart.ts';
import { takes } from './chart-place.ts';
import type { Command } from './use-command.ts';

/** What the button needs to know of the chart of the call. */
interface MuteButtonProps {
  readonly command: Command;
  readonly chart: DrawnChart | undefined;
  readonly state: ChartState | undefined;
  readonly lit: ReadonlySet<string>;
}

/** Keeps what the caller says from the model, or lets it through again. */
export function MuteButton({ command, chart, state, lit }: MuteButtonProps) {
  const isMuted = state?.states.some(({ path }) => path.split('.').at(-1) === 'muted') ?? false;
  const Icon = isMuted ? IconMicrophone : IconMicrophoneOff;
  return (
    <Button
      variant="default"
      leftSection={<Icon size={16} aria-hidden />}
      loading={command.isPending && command.variables.command === 'mute'}
      disabled={!takes(chart, lit, isMuted ? 'call.unmute' : 'call.mute')}
      onClick={() => command.mutate({ command: 'mute', body: { isMuted: !isMuted } })}
    >
      {isMuted ? 'Unmute the caller' : 'Mute the caller'}
    </Button>
  );
}
