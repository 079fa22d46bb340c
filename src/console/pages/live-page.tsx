import { Title } from '@mantine/core';

/** Live. */
export function LivePage() {
  return <Title order={2}>Live</Title>;
}
