// The console begins: words first, then the pages.

import { createRoot } from 'react-dom/client';
import { Console } from './shell/console.tsx';
import './shell/console.css';

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<Console />);
