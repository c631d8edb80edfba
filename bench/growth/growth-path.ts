import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Signer } from './grown-request.ts';

/** Requests that differ in their size alone. */
export interface GrowthPath {
  /** The part that grows, and how it is filled: `body: nested lists`. */
  readonly name: string;
  /** Who signs the requests: those of a forger show the work before the signature is verified. */
  readonly signer: Signer;
  /** The size of the largest request, in bytes. */
  readonly size: number;
  readonly build: (size: number) => APIGatewayProxyEvent;
}
