import { Button } from '@mantine/core';
import { IconMicrophone, IconMicrophoneOff } from '@tabler/icons-react';
import type { Command } from './use-command.ts';

/** Whether the caller is muted, and whether that can be changed. */
interface MuteButtonProps {
  readonly command: Command;
  readonly isMuted: boolean;
  readonly isOpen: boolean;
}

/** Keeps the caller's voice from the agent, or lets it through again. */
export function MuteButton({ command, isMuted, isOpen }: MuteButtonProps) {
  const Icon = isMuted ? IconMicrophone : IconMicrophoneOff;
  return (
    <Button
      variant="default"
      leftSection={<Icon size={16} aria-hidden />}
      loading={command.isPending && command.variables.command === 'mute'}
      disabled={!isOpen}
      onClick={() => command.mutate({ command: 'mute', body: { isMuted: !isMuted } })}
    >
      {isMuted ? 'Unmute the caller' : 'Mute the caller'}
    </Button>
  );
}
