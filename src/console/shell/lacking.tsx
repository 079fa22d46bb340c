import { Text } from '@mantine/core';
import { useSession } from './session-gate.tsx';

/** Says which scope the token lacks for something; nothing when it has it. */
export function Lacking({ scope, what }: { readonly scope: string; readonly what: string }) {
  const { scopes } = useSession();
  if (scopes.includes(scope)) return null;
  return (
    <Text size="sm" c="dimmed">
      Your token does not show {what}: it lacks {scope}.
    </Text>
  );
}
