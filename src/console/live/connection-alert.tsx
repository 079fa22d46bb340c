import { Alert, Loader } from '@mantine/core';
import type { WatchConnection } from './watch-client.ts';

/** What is wrong with the connection, as long as something is. */
export function ConnectionAlert({ connection }: { readonly connection: WatchConnection }) {
  const { status, trouble } = connection;
  if (status === 'lost') {
    return (
      <Alert
        variant="default"
        title="Not connected"
        icon={<Loader size={16} color="currentColor" />}
        role="status"
      >
        {trouble} What is shown may be old. Trying again by itself.
      </Alert>
    );
  }
  if (status !== 'given up') return null;
  return (
    <Alert variant="default" title="Not connected">
      {trouble}
    </Alert>
  );
}
