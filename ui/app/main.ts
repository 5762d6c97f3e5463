/** Starts the app: theme, links, the hub, the shell, and the worker for offline use. */
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/blocks.css';
import './styles/form.css';
import './styles/choices.css';
import './styles/shell.css';
import './styles/toasts.css';
import './styles/entry.css';
import './styles/wall.css';
import './styles/first.css';
import './styles/large.css';
import './styles/add.css';
import './styles/source.css';
import './styles/dialog.css';
import './styles/settings.css';
import './styles/motion.css';
import './shell.ts';
import { openHub } from '#app/hub/hub.ts';
import { takeOverLinks } from './navigate.ts';
import { showTheme } from './theme.ts';
import { registerWorker } from './worker.ts';

showTheme();
takeOverLinks();
void openHub();
registerWorker();
