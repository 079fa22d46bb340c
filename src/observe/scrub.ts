const secretParameters = /((?:key|access_token|token)=)[^&\s"']+/gi;
const authorization = /((?:Bearer|Basic)\s+)[A-Za-z0-9._~+/-]{8,}=*/gi;
/** A name and a password in an address, such as a proxy's. */
const userInfo = /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi;
/** An API key, an ephemeral token, an access token and a key file's private key of Google, as they look. */
const googleSecrets =
  /AIza[0-9A-Za-z_-]{10,}|auth_tokens\/[^\s"'&]+|ya29\.[0-9A-Za-z._-]+|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?/g;

/** `text` without keys, tokens and the secrets named in `secrets`; for whatever a library says that we log. */
export function scrub(text: string, secrets: readonly string[] = []): string {
  let scrubbed = text
    .replace(secretParameters, '$1[secret]')
    .replace(authorization, '$1[secret]')
    .replace(userInfo, '$1[secret]@')
    .replace(googleSecrets, '[secret]');
  for (const secret of secrets) {
    if (secret.length > 3) scrubbed = scrubbed.replaceAll(secret, '[secret]');
  }
  return scrubbed;
}
