import { Alert, Button, Group, Text } from '@mantine/core';
import { ApiError } from '../api/ask.ts';

/** What could not be had, in the service’s words, and the way to ask again. */
export function Failure({
  error,
  onRetry,
}: {
  readonly error: Error;
  readonly onRetry?: (() => void) | undefined;
}) {
  const isNone = error instanceof ApiError && error.code === 'records.none';
  if (isNone) {
    return (
      <Alert title="No records are kept" color="blue">
        Start the service with --records or BAARI_RECORDS and a folder: calls then stay to be looked at.
      </Alert>
    );
  }
  return (
    <Alert title="This cannot be shown" color="red">
      <Group justify="space-between">
        <Text size="sm">The service says: {error.message}.</Text>
        {onRetry && (
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
