import { Alert, List, Loader, Stack, Text, Title } from '@mantine/core';
import { AgentCard } from '../agents/agent-card.tsx';
import { useAgents, useBrokenFiles } from '../api/agents.ts';
import { Failure } from '../shell/failure.tsx';
import { Lacking } from '../shell/lacking.tsx';
import { useSession } from '../shell/session-gate.tsx';

/** The agents as they are in force. */
export function AgentsPage() {
  const { scopes } = useSession();
  return (
    <Stack>
      <Title order={2}>Agents</Title>
      {scopes.includes('agents:read') ? <Agents /> : <Lacking scope="agents:read" what="agents" />}
    </Stack>
  );
}

function Agents() {
  const { data: agents, error, isPending, refetch } = useAgents();
  const { data: broken = [] } = useBrokenFiles();
  if (isPending) return <Loader role="status" aria-label="Loading" />;
  if (!agents) return <Failure error={error} onRetry={() => refetch()} />;
  return (
    <>
      {broken.length > 0 && (
        <Alert color="red" title="Files that have never been good answer no call">
          <List size="sm">
            {broken.map((problem) => (
              <List.Item key={problem}>{problem}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {agents.length === 0 && <Text>There is no agent that you may know of.</Text>}
      {agents.map((agent) => (
        <AgentCard key={agent.name} agent={agent} />
      ))}
    </>
  );
}
