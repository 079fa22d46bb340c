import { Button, Group, TextInput } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { Command } from './use-command.ts';

/** Passes the call on to a number; the agent tells the caller first. */
export function TransferForm({ command, isOpen }: { readonly command: Command; readonly isOpen: boolean }) {
  const [to, setTo] = useState('');
  const number = to.replace(/[\s()-]/g, '');
  const isNumber = /^\+?\d{6,15}$/.test(number);
  const transfer = (event: FormEvent): void => {
    event.preventDefault();
    command.mutate(
      { command: 'transfer', body: { to: number, announce: true } },
      { onSuccess: () => setTo('') },
    );
  };
  return (
    <form onSubmit={transfer}>
      <Group align="end" gap={4} wrap="nowrap">
        <TextInput
          label="Pass the call on to"
          placeholder="A phone number"
          inputMode="tel"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          leftSection={<IconPhoneOutgoing size={16} aria-hidden />}
          loading={command.isPending && command.variables.command === 'transfer'}
          disabled={!isOpen || !isNumber}
        >
          Transfer
        </Button>
      </Group>
    </form>
  );
}
