import { render } from 'preact';
import { App } from './app';
import './style.scss';

render(<App />, document.getElementById('app')!);
