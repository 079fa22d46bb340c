import { Title } from '@mantine/core';

/** Call. */
export function PastCallPage() {
  return <Title order={2}>Call</Title>;
}
