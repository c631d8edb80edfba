import './styles/base.css';
import './styles/controls.css';
import { render } from 'preact';
import { announceDeliveries } from './announcement.tsx';
import { App } from './app.tsx';
import { openInbox } from './deliveries.ts';

const root = document.getElementById('console');
if (root) render(<App />, root);
announceDeliveries();
void openInbox();
