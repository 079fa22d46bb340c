import { Title } from '@mantine/core';

/** Health. */
export function HealthPage() {
  return <Title order={2}>Health</Title>;
}
