import { Title } from '@mantine/core';

/** Call. */
export function CallPage() {
  return <Title order={2}>Call</Title>;
}
