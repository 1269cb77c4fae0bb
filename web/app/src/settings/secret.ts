/** Takes the secret behind the # out of the address bar, and out of its history. */
export function takeSecret(): string {
  const secret = window.location.hash.slice(1);
  if (secret) window.history.replaceState(null, '', window.location.pathname);
  return secret;
}
