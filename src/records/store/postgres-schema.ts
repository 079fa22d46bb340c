/**
 * What each version of the schema adds, in order; one that was released is never changed. Names begin with `baari_`, so
 * that the database may be shared.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE baari_calls (
    id bigint PRIMARY KEY, call_id text NOT NULL UNIQUE, agent text NOT NULL, outcome text NOT NULL,
    from_key text NOT NULL, to_key text NOT NULL, from_number text NOT NULL, to_number text NOT NULL,
    duration_ms double precision NOT NULL, keep_until_ms bigint, words tsvector NOT NULL);
  CREATE INDEX baari_calls_agent ON baari_calls (agent, id);
  CREATE INDEX baari_calls_outcome ON baari_calls (outcome, id);
  CREATE INDEX baari_calls_agent_outcome ON baari_calls (agent, outcome, id);
  CREATE INDEX baari_calls_from ON baari_calls (from_key, id);
  CREATE INDEX baari_calls_to ON baari_calls (to_key, id);
  CREATE INDEX baari_calls_end ON baari_calls (keep_until_ms) WHERE keep_until_ms IS NOT NULL;
  CREATE INDEX baari_calls_words ON baari_calls USING gin (words) WITH (fastupdate = off);
  CREATE TABLE baari_facts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, agent text NOT NULL, number_key text NOT NULL,
    fact text NOT NULL, at_ms bigint NOT NULL, keep_until_ms bigint);
  CREATE INDEX baari_facts_number ON baari_facts (number_key, agent, id);`,
];

/** Locks of PostgreSQL that processes of Baari take from each other: any two numbers, always the same. */
export const locks = { migrating: 7_221_001, putting: 7_221_002 } as const;
