import { Autocomplete, Button, Group } from '@mantine/core';
import { IconPhoneOutgoing } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useAgents } from '../api/agents.ts';
import { ApiError } from '../api/ask.ts';
import { targetNames, transferTo } from './transfer-to.ts';
import type { Command } from './use-command.ts';

/** What the form needs to know of the call. */
interface TransferFormProps {
  readonly agent: string;
  readonly command: Command;
  readonly isOpen: boolean;
}

/** Passes the call on to a number or to somebody whom the agent knows; the agent tells the caller first. */
export function TransferForm({ agent, command, isOpen }: TransferFormProps) {
  const { data: agents = [] } = useAgents();
  const names = targetNames(agents.find(({ name }) => name === agent)?.fields ?? []);
  const [written, setWritten] = useState('');
  const whom = transferTo(written, names);
  const isAway = command.error instanceof ApiError && command.error.code === 'api.target-closed';
  const transfer = (event: FormEvent): void => {
    event.preventDefault();
    if (!whom) return;
    const body = { ...whom, announce: true, force: isAway };
    command.mutate({ command: 'transfer', body }, { onSuccess: () => setWritten('') });
  };
  return (
    <form onSubmit={transfer}>
      <Group align="end" gap={4} wrap="nowrap">
        <Autocomplete
          label="Pass the call on to"
          placeholder={names.length > 0 ? 'A name or a number' : 'A phone number'}
          data={names}
          value={written}
          onChange={(value) => {
            setWritten(value);
            if (isAway) command.reset();
          }}
        />
        <Button
          type="submit"
          variant="default"
          leftSection={<IconPhoneOutgoing size={16} aria-hidden />}
          loading={command.isPending && command.variables.command === 'transfer'}
          disabled={!isOpen || !whom}
        >
          {isAway ? 'Transfer all the same' : 'Transfer'}
        </Button>
      </Group>
    </form>
  );
}
