import { Title } from '@mantine/core';

/** Agents. */
export function AgentsPage() {
  return <Title order={2}>Agents</Title>;
}
