import { WebhookVerificationService } from '@hookflo/tern';
import type { Judge } from '../judge.ts';
import { singleHeaders } from '../single-headers.ts';

// WooCommerce signs in PHP, and has no SDK for Node.js that verifies, so a public one of others is the judge.
export const judge: Judge = {
  package: '@hookflo/tern',
  async accepts(request, secret) {
    const sent = new Request(request.url, {
      method: 'POST',
      headers: singleHeaders(request),
      body: new Uint8Array(request.body),
    });
    const { isValid } = await WebhookVerificationService.verifyWithPlatformConfig(sent, 'woocommerce', secret);
    return isValid;
  },
};
