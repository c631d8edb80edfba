/** What an operator reads after a secret was stored. */
export function nextSteps(source: string, secretName: string): string {
  return `${secretName} has a new secret, which is accepted at once.
The previous one stays valid for the inbox's grace period (previousSecretGrace, 24 hours by default).
It is no longer used when the CloudWatch metric PreviousSecretUsed (namespace WebhookInbox, source ${source}) has no data
while Processed still counts events.`;
}
