import '../style/base.css';
import { mount } from 'svelte';
import Design from './Design.svelte';

mount(Design, { target: document.getElementById('app')! });
