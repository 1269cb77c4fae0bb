import './style/base.css';
import { mount } from 'svelte';
import { createApi } from './api/client';
import { recoverFromDeploy, registerWorker } from './shell/start';
import { Desk } from './state/store.svelte';
import App from './views/App.svelte';
import { language } from './words/language.svelte';

const tongue = () => language.current;

mount(App, {
  target: document.getElementById('app')!,
  props: { desk: new Desk(createApi(tongue), { language: tongue }) },
});

recoverFromDeploy();
registerWorker();
