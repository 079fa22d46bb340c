import { readSealKeys, SealedFiles, type SealKeys } from '../seal/index.ts';
import { FolderFiles } from './folder-files.ts';
import { JoinedStore } from './joined-store.ts';
import { PostgresIndex } from './postgres-index.ts';
import type { RecordStore } from './record-store.ts';
import { S3Bucket } from './s3-bucket.ts';
import { S3Files } from './s3-files.ts';
import { SqliteIndex } from './sqlite-index.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** A store, and whether records are to be stowed, that is, leave their folder once they are complete. */
export interface OpenedStore {
  readonly store: RecordStore;
  readonly stows: boolean;
  /** What records are sealed with; undefined: they are not. */
  readonly keys: SealKeys | undefined;
}

/**
 * The store that the environment names for the records of a folder: `DATABASE_URL` for the index, `BAARI_RECORDS_S3_…` for
 * the files, or the folder itself. Connects to nothing yet.
 * @throws Error naming the variable that is wrong
 */
export function openStore(folder: string, env: Env): OpenedStore {
  const numberKey = env.BAARI_RECORDS_NUMBER_KEY || undefined;
  const keys = readSealKeys(env.BAARI_RECORDS_KEY);
  const bucket = bucketOf(env);
  const url = databaseOf(env);
  const index = url ? new PostgresIndex({ url, numberKey }) : new SqliteIndex({ folder, numberKey });
  const files = new SealedFiles(bucket ? new S3Files(folder, bucket) : new FolderFiles(folder), keys);
  return { store: new JoinedStore(index, files, keys), keys, stows: bucket !== undefined };
}

function databaseOf({ DATABASE_URL: url }: Env): string | undefined {
  // the value holds a password: it is not told
  if (url && !/^postgres(ql)?:\/\//.test(url))
    throw new Error('DATABASE_URL: expected postgres://…, found something else');
  return url || undefined;
}

function bucketOf(env: Env): S3Bucket | undefined {
  const bucket = env.BAARI_RECORDS_S3_BUCKET;
  if (!bucket) return undefined;
  const endpoint = env.BAARI_RECORDS_S3_ENDPOINT || undefined;
  if (endpoint !== undefined && !URL.canParse(endpoint))
    throw new Error('BAARI_RECORDS_S3_ENDPOINT: expected an address such as https://s3.example.com');
  const [accessKeyId, secretAccessKey] = [env.BAARI_RECORDS_S3_KEY_ID, env.BAARI_RECORDS_S3_SECRET];
  if (!accessKeyId !== !secretAccessKey)
    throw new Error('expected BAARI_RECORDS_S3_KEY_ID and BAARI_RECORDS_S3_SECRET together, found one');
  return new S3Bucket({
    bucket,
    endpoint,
    region: env.BAARI_RECORDS_S3_REGION || 'us-east-1',
    prefix: env.BAARI_RECORDS_S3_PREFIX ? `${env.BAARI_RECORDS_S3_PREFIX.replace(/\/+$/, '')}/` : '',
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : undefined,
  });
}
