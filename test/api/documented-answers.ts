import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** One answer of the API. */
export interface ApiAnswer {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

interface Documented {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
}
interface OpenApi {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, Documented>> }>>>
  >;
}

/** Holds answers of the API against its own OpenAPI document. */
export class DocumentedAnswers {
  readonly #document: OpenApi;
  // formats are those of zod, which has checked them
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  readonly #validators = new Map<object, ValidateFunction>();

  constructor(document: OpenApi) {
    this.#document = document;
  }

  /** @throws Error when the answer is not documented, or is not as documented */
  check({ method, url, status, headers, text }: ApiAnswer): void {
    const operation = this.#operation(method, new URL(url, 'http://baari.test').pathname);
    if (!operation) return;
    const documented = operation.responses[status];
    if (!documented) throw new Error(`${method} ${url}: ${status} is not documented`);
    const media = headers.get('content-type')?.split(';')[0] ?? '';
    const schema = documented.content?.[media]?.schema;
    if (text === '') return;
    if (!schema) throw new Error(`${method} ${url}: ${status} with ${media} is not documented`);
    if (media !== 'application/json') return;
    const validate = this.#validators.get(schema) ?? this.#ajv.compile(schema);
    this.#validators.set(schema, validate);
    if (!validate(JSON.parse(text))) {
      throw new Error(
        `${method} ${url}: ${status} is not as documented: ${this.#ajv.errorsText(validate.errors)}`,
      );
    }
  }

  #operation(method: string, path: string) {
    const found = Object.entries(this.#document.paths).find(([template]) =>
      new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`).test(path),
    );
    return found?.[1][method.toLowerCase()];
  }
}

/** The answers that a service says its API gives. */
export async function documentedAnswers(base: string): Promise<DocumentedAnswers> {
  const answer = await fetch(`${base}/api/openapi.json`);
  const document: OpenApi = JSON.parse(await answer.text());
  return new DocumentedAnswers(document);
}
