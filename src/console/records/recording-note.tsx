import { Text } from '@mantine/core';
import { Lacking } from '../shell/lacking.tsx';
import { useSession } from '../shell/session-gate.tsx';
import type { Recording } from './use-recording.ts';

/** Why there is nothing to be heard, or not all to be seen yet. */
export function RecordingNote({ status }: Pick<Recording, 'status'>) {
  const { scopes } = useSession();
  if (!scopes.includes('audio:read')) return <Lacking scope="audio:read" what="the recording" />;
  const words = {
    none: 'This call was not recorded.',
    measuring: 'The recording is being read …',
    measured: undefined,
    failed: 'The recording cannot be read.',
  }[status];
  return (
    words && (
      <Text size="sm" c="dimmed" role="status">
        {words}
      </Text>
    )
  );
}
