import { App } from 'aws-cdk-lib';
import { HooksStack } from '../lib/hooks-stack.ts';

new HooksStack(new App(), 'Hooks');
