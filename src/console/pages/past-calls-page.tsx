import { Title } from '@mantine/core';

/** Past calls. */
export function PastCallsPage() {
  return <Title order={2}>Past calls</Title>;
}
