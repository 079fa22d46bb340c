import { Title } from '@mantine/core';

/** Phone. */
export function PhonePage() {
  return <Title order={2}>Phone</Title>;
}
