import { Autocomplete } from '@mantine/core';
import { useAgents } from '../api/agents.ts';

/** An agent’s name: one of those that answer now, or that of a past one. */
export function AgentField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (name: string) => void;
}) {
  const { data = [] } = useAgents();
  return (
    <Autocomplete
      label="Agent"
      placeholder="Any"
      data={data.map(({ name }) => name)}
      value={value}
      onChange={onChange}
    />
  );
}
