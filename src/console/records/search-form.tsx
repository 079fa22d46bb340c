import { Button, Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useSession } from '../shell/session-gate.tsx';
import { AgentField } from './agent-field.tsx';
import { outcomes } from './record-words.ts';
import { problemsOf, type RecordSearch } from './search-state.ts';

/** What to look for among past calls; what is found depends on the address, so this only changes that. */
export function SearchForm({
  search,
  onSearch,
}: {
  readonly search: RecordSearch;
  readonly onSearch: (search: RecordSearch) => void;
}) {
  const { scopes } = useSession();
  const [draft, setDraft] = useState(search);
  const [isTried, setIsTried] = useState(false);
  const problems = problemsOf(draft);
  const mayReadWords = scopes.includes('transcripts:read');
  const set = (field: keyof RecordSearch) => (value: string | null) =>
    setDraft({ ...draft, [field]: value ?? '' });
  const text = (field: keyof RecordSearch) => ({
    value: draft[field],
    error: (isTried && problems[field]) || undefined,
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => set(field)(currentTarget.value),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setIsTried(true);
    if (Object.keys(problems).length === 0) onSearch(draft);
  };

  return (
    <form onSubmit={submit} aria-label="Find past calls">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
          <TextInput label="From" type="datetime-local" {...text('from')} />
          <TextInput label="Until" type="datetime-local" {...text('to')} />
          <AgentField value={draft.agent} onChange={set('agent')} />
          <TextInput label="Number" type="tel" placeholder="The caller’s or the called" {...text('number')} />
          <Select
            label="Outcome"
            placeholder="Any"
            data={outcomes}
            value={draft.outcome || null}
            onChange={set('outcome')}
            clearable
            clearButtonProps={{ 'aria-label': 'Any outcome' }}
          />
          <TextInput
            label="Words that were said"
            disabled={!mayReadWords}
            description={mayReadWords ? undefined : 'Your token lacks transcripts:read.'}
            {...text('text')}
          />
        </SimpleGrid>
        <Group gap="xs">
          <Button type="submit" leftSection={<IconSearch size={16} aria-hidden />}>
            Search
          </Button>
          <Button
            variant="default"
            onClick={() => onSearch({ from: '', to: '', agent: '', number: '', outcome: '', text: '' })}
          >
            Clear
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
