import jsonwebtoken from 'jsonwebtoken';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: 'jsonwebtoken',
  accepts: (request, secret) => jsonwebtoken.verify(headerOf(request, 'authorization'), secret),
};
