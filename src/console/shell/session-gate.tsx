import { Alert, Button, Center, Loader, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type FormEvent, type ReactNode, useContext, useState } from 'react';
import { ApiError } from '../api/ask.ts';
import { openSession, readSession, type Session } from '../api/session.ts';

const SessionContext = createContext<Session>({ name: '', scopes: [], agents: [] });

/** Who looks at the console, and what they may do. */
export function useSession(): Session {
  return useContext(SessionContext);
}

/** Lets in whoever the service knows; others are asked for a token. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['session'],
    queryFn: readSession,
    retry: false,
  });
  if (data) return <SessionContext value={data}>{children}</SessionContext>;
  if (isPending) {
    return (
      <Center mih="60vh">
        <Loader role="status" aria-label="Loading" />
      </Center>
    );
  }
  const isUnknown = error instanceof ApiError && (error.status === 401 || error.status === 403);
  return (
    <Center mih="70vh" p="md">
      {isUnknown ? (
        <TokenForm />
      ) : (
        <Alert title="The service does not answer" color="red">
          <Stack align="start">
            <Text>{error?.message}</Text>
            <Button onClick={() => refetch()}>Try again</Button>
          </Stack>
        </Alert>
      )}
    </Center>
  );
}

function TokenForm() {
  const queries = useQueryClient();
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsAsking(true);
    try {
      queries.setQueryData(['session'], await openSession(token.trim()));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : 'unknown');
    } finally {
      setIsAsking(false);
    }
  };
  return (
    <Paper withBorder p="lg" maw={420} w="100%" component="main">
      <form onSubmit={submit}>
        <Stack>
          <Title order={1} size="h3">
            Baari
          </Title>
          <PasswordInput
            label="Token"
            description="BAARI_API_TOKEN, or one that baari token has made"
            autoComplete="current-password"
            required
            value={token}
            error={failure || undefined}
            onChange={({ currentTarget }) => setToken(currentTarget.value)}
          />
          <Button type="submit" loading={isAsking} disabled={token.trim() === ''}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
