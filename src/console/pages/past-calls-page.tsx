import { Button, Card, Loader, Stack, Text, Title } from '@mantine/core';
import { useLocation, useSearch } from 'wouter';
import { useRecordSearch } from '../api/records.ts';
import { FoundCalls } from '../records/found-calls.tsx';
import { SearchForm } from '../records/search-form.tsx';
import { addressOf, queryOf, searchOf } from '../records/search-state.ts';
import { Failure } from '../shell/failure.tsx';
import { Lacking } from '../shell/lacking.tsx';
import { useSession } from '../shell/session-gate.tsx';

/** Past calls: what is looked for stands in the address. */
export function PastCallsPage() {
  const { scopes } = useSession();
  const [, goTo] = useLocation();
  const search = searchOf(new URLSearchParams(useSearch()));
  const address = addressOf(search);
  return (
    <Stack>
      <Title order={2}>Past calls</Title>
      {scopes.includes('calls:read') ? (
        <>
          <Card withBorder>
            <SearchForm
              key={address}
              search={search}
              onSearch={(wanted) => goTo(`/past?${addressOf(wanted)}`)}
            />
          </Card>
          <Lacking scope="numbers:read" what="whole numbers" />
          <Found query={queryOf(search)} />
        </>
      ) : (
        <Lacking scope="calls:read" what="past calls" />
      )}
    </Stack>
  );
}

function Found({ query }: { readonly query: string }) {
  const found = useRecordSearch(query);
  const { data, error, isPending, isFetchingNextPage, hasNextPage } = found;
  if (isPending) return <Loader role="status" aria-label="Searching" />;
  if (!data) return <Failure error={error} onRetry={() => found.refetch()} />;
  const calls = data.pages.flatMap((page) => page.calls);
  return (
    <Stack align="start">
      <Text size="sm" role="status">
        {calls.length === 0 ? 'No such call.' : counted(calls.length, hasNextPage)}
      </Text>
      {calls.length > 0 && <FoundCalls calls={calls} />}
      {error && <Failure error={error} />}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => found.fetchNextPage()}>
          More
        </Button>
      )}
    </Stack>
  );
}

function counted(calls: number, areMore: boolean): string {
  const some = calls === 1 ? 'One call' : `${calls} calls`;
  return areMore ? `${some}, and there are more.` : `${some}.`;
}
