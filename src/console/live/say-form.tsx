import { Button, Group, TextInput } from '@mantine/core';
import { IconMessage } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { Command } from './use-command.ts';

/** Letters of a sentence at most, as the service takes it. */
const mostLetters = 500;

/** Lets the agent say a sentence in the next quiet moment. */
export function SayForm({ command, isOpen }: { readonly command: Command; readonly isOpen: boolean }) {
  const [sentence, setSentence] = useState('');
  const isBad = /[[\]"]/.test(sentence);
  const say = (event: FormEvent): void => {
    event.preventDefault();
    command.mutate(
      { command: 'say', body: { sentence: sentence.trim() } },
      { onSuccess: () => setSentence('') },
    );
  };
  return (
    <form onSubmit={say}>
      <Group align="end" gap={4} wrap="nowrap">
        <TextInput
          label="Let the agent say"
          placeholder="A sentence"
          value={sentence}
          maxLength={mostLetters}
          error={isBad && 'Without quotes and brackets'}
          onChange={(event) => setSentence(event.currentTarget.value)}
        />
        <Button
          type="submit"
          variant="default"
          leftSection={<IconMessage size={16} aria-hidden />}
          loading={command.isPending && command.variables.command === 'say'}
          disabled={!isOpen || isBad || sentence.trim() === ''}
        >
          Say
        </Button>
      </Group>
    </form>
  );
}
