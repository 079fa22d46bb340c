const secretParameters = /((?:key|access_token|token)=)[^&\s"']+/gi;
const bearer = /(Bearer\s+)[A-Za-z0-9._~+/-]+=*/gi;
const googleKey = /AIza[0-9A-Za-z_-]{10,}/g;

/** `text` without keys, tokens and the secrets named in `secrets`; for whatever a library says that we log. */
export function scrub(text: string, secrets: readonly string[] = []): string {
  let scrubbed = text
    .replace(secretParameters, '$1[secret]')
    .replace(bearer, '$1[secret]')
    .replace(googleKey, '[secret]');
  for (const secret of secrets) {
    if (secret.length > 3) scrubbed = scrubbed.replaceAll(secret, '[secret]');
  }
  return scrubbed;
}
