import { systemChance } from '../../time/index.ts';
import { openText, type SealKeys, sealText } from '../seal/index.ts';
import { FolderFiles } from './folder-files.ts';
import type {
  Fact,
  RecordIndex,
  RecordPage,
  RecordQuery,
  RecordStore,
  StoredCall,
  StoredFiles,
} from './record-store.ts';
import { SqliteIndex, type SqliteIndexOptions } from './sqlite-index.ts';

/** One index and one place of files, as one store. */
export class JoinedStore implements RecordStore {
  readonly files: StoredFiles;
  readonly #index: RecordIndex;
  /** Facts are sealed with them. */
  readonly #keys: SealKeys | undefined;

  constructor(index: RecordIndex, files: StoredFiles, keys?: SealKeys) {
    this.#index = index;
    this.#keys = keys;
    this.files = files;
  }

  put(calls: readonly StoredCall[]): Promise<void> {
    return this.#index.put(calls);
  }

  search(query: RecordQuery): Promise<RecordPage> {
    return this.#index.search(query);
  }

  known(callIds: readonly string[]): Promise<readonly string[]> {
    return this.#index.known(callIds);
  }

  ofNumber(number: string): Promise<readonly string[]> {
    return this.#index.ofNumber(number);
  }

  expired(wallMs: number): Promise<readonly string[]> {
    return this.#index.expired(wallMs);
  }

  async remove(callIds: readonly string[]): Promise<void> {
    // the files first: what is left in the index can be removed again
    await this.files.remove(callIds);
    await this.#index.remove(callIds);
  }

  remember(agent: string, number: string, fact: Fact): Promise<void> {
    const keys = this.#keys;
    const sealed = keys ? sealText(fact.fact, `fact/${agent}`, keys, systemChance) : fact.fact;
    return this.#index.remember(agent, number, { ...fact, fact: sealed });
  }

  async memoryOf(agent: string, number: string, wallMs: number): Promise<readonly Fact[]> {
    const facts = await this.#index.memoryOf(agent, number, wallMs);
    return facts.map((fact) => ({ ...fact, fact: openText(fact.fact, `fact/${agent}`, this.#keys) }));
  }

  forgetMemory(number: string): Promise<void> {
    return this.#index.forgetMemory(number);
  }

  async close(): Promise<void> {
    await Promise.all([this.#index.close(), this.files.close()]);
  }
}

/** Records in a folder, with an SQLite index in it. */
export class FolderStore extends JoinedStore {
  constructor({ folder, numberKey }: SqliteIndexOptions) {
    super(new SqliteIndex({ folder, numberKey }), new FolderFiles(folder));
  }
}
