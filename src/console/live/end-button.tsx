import { Button, Group, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPhoneOff } from '@tabler/icons-react';
import type { Command } from './use-command.ts';

/** Ends the call, once one has said again that one wants to. */
export function EndButton({ command, isOpen }: { readonly command: Command; readonly isOpen: boolean }) {
  const [isAsked, { open, close }] = useDisclosure(false);
  const end = (): void => {
    close();
    command.mutate({ command: 'end' });
  };
  return (
    <>
      <Button
        leftSection={<IconPhoneOff size={16} aria-hidden />}
        loading={command.isPending && command.variables.command === 'end'}
        disabled={!isOpen}
        onClick={open}
      >
        End the call
      </Button>
      <Modal
        opened={isAsked}
        onClose={close}
        title="End the call?"
        closeButtonProps={{ 'aria-label': 'Close' }}
        centered
      >
        <Text size="sm" mb="md">
          What the agent is saying is heard to its end; then the line is closed.
        </Text>
        <Group justify="end">
          <Button variant="default" onClick={close}>
            Let it go on
          </Button>
          <Button onClick={end}>End it</Button>
        </Group>
      </Modal>
    </>
  );
}
