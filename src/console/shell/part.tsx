import { Card, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A part of a page with what it is about. */
export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Card withBorder component="section" aria-label={title}>
      <Title order={3} size="h5" mb="xs">
        {title}
      </Title>
      {children}
    </Card>
  );
}
