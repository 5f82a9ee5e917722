import { readFileSync } from 'node:fs';
import type { ESLint } from 'eslint';
import { expect, test } from 'vitest';
import { apply } from '../support/lint.js';
import { scratch } from './scratch.js';

const tools = {
  'astro-eslint-parser': '3.2.0',
  eslint: '10',
  svelte: '5',
  'svelte-eslint-parser': '1.10.1',
  typescript: '6.0.3',
  'typescript-eslint': '8.73.0',
  'vue-eslint-parser': '10.4.2',
};

/**
 * Components: each `«finding»` is what is underlined, and `+` begins the lines that its suggestion adds, where it has
 * one.
 */
const components: Readonly<Record<string, string>> = {
  'setup.vue': `<template>
  <p @click="stop">{{ n }}</p>
</template>

<script setup lang="ts">
+import { onUnmounted } from 'vue';
const n: number[] = [];
const timer = «setInterval»(() => n.push(1), 1000);
+onUnmounted(() => clearInterval(timer));
function stop() {}
</script>
`,
  'imports.vue': `<script setup>
-import { ref } from 'vue';
+import { ref, onUnmounted } from 'vue';
const n = ref(0);
«window.addEventListener»('resize', onResize);
+onUnmounted(() => window.removeEventListener('resize', onResize));
function onResize() { n.value += 1; }
</script>
<template><p>{{ n }}</p></template>
`,
  'two.vue': `<script>
export const shared = new Map();
setInterval(() => shared.clear(), 60_000);
</script>

<script setup>
-import { ref } from 'vue';
+import { ref, onUnmounted } from 'vue';
const socket = «new WebSocket»('/');
+onUnmounted(() => socket.close());
const state = ref(socket.readyState);
</script>
`,
  'options.vue': `<script>
export default {
  mounted() {
    this.timer = «setInterval»(this.tick, 1000);
  },
  methods: { tick() {} },
};
</script>
`,
  'ended.vue': `<script setup>
import { onMounted, onUnmounted } from 'vue';
let timer;
const socket = new WebSocket('/');
onMounted(() => { timer = setInterval(() => socket.send('tick'), 1000); });
onUnmounted(() => {
  clearInterval(timer);
  socket.close();
});
</script>
`,
  'legacy.svelte': `<script>
-  import { onMount } from 'svelte';
+  import { onMount, onDestroy } from 'svelte';
  let n = 0;
  const timer = «setInterval»(() => n++, 1000);
+  onDestroy(() => clearInterval(timer));
  onMount(() => console.log(n));
</script>

<button on:click={() => n++}>{n}</button>
{#each [1, 2] as one}<p class="row">{one}</p>{/each}
`,
  'mount.svelte': `<script lang="ts">
  import { onMount } from 'svelte';
  onMount(() => {
    «window.addEventListener»('resize', layout);
+    return () => window.removeEventListener('resize', layout);
  });
  function layout(): void {}
</script>
`,
  'runes.svelte': `<script lang="ts">
  let n = $state(0);
  $effect(() => {
    const timer = «setInterval»(() => n++, 1000);
+    return () => clearInterval(timer);
  });
</script>

<p onclick={() => n++}>{n}</p>
`,
  'bare.svelte': `<script>
+  import { onDestroy } from 'svelte';
  «window.addEventListener»('resize', layout);
+  onDestroy(() => window.removeEventListener('resize', layout));
  function layout() {}
</script>
`,
  'module.svelte': `<script module>
  setInterval(() => console.log('one for all'), 60_000);
</script>

<script>
  import { onDestroy } from 'svelte';
  const timer = setInterval(() => console.log('one for each'), 1000);
  onDestroy(() => clearInterval(timer));
</script>
`,
  'page.astro': `---
import Layout from './Layout.astro';
async function count(): Promise<void> { await fetch('/count'); }
-«count»();
+await count();
const rows: string[] = await fetch('/rows').then((response) => response.json());
---
<Layout>{rows.map((row) => <p>{row}</p>)}</Layout>
`,
};

test('the config on the page finds what leaks in components, and each suggestion repairs it', () => {
  const texts = Object.fromEntries(
    Object.entries(components).map(([name, marked]) => [name, beforeOf(marked).replaceAll(/[«»]/g, '')]),
  );
  const project = scratch(tools, { 'eslint.config.js': configOnPage(), ...texts });
  const lint = (): ESLint.LintResult[] =>
    JSON.parse(project.run('eslint', ['--format', 'json', '.']).stdout) as ESLint.LintResult[];

  const results = lint()
    .map(({ filePath, messages }) => ({ name: filePath.slice(project.folder.length + 1), messages }))
    .filter(({ name }) => name in components);
  expect(
    Object.fromEntries(
      results.map(({ name, messages }) => [
        name,
        messages.reduceRight(
          (text, { line, column, endColumn }) => underlined(text, line, column, endColumn!),
          texts[name]!,
        ),
      ]),
    ),
  ).toEqual(Object.fromEntries(Object.entries(components).map(([name, marked]) => [name, beforeOf(marked)])));

  for (const {
    name,
    messages: [message],
  } of results) {
    const [suggestion] = message?.suggestions ?? [];
    const repaired = suggestion ? apply(texts[name]!, suggestion) : texts[name]!;
    expect(repaired).toBe(afterOf(components[name]!).replaceAll(/[«»]/g, ''));
    if (suggestion) project.write(name, repaired);
  }
  expect(
    lint()
      .filter(({ messages }) => messages.length > 0)
      .map(({ filePath }) => filePath.slice(project.folder.length + 1)),
  ).toEqual(['options.vue']);
});

/** What the page tells its readers to write. */
function configOnPage(): string {
  const page = readFileSync(new URL('../../docs/languages.md', import.meta.url), 'utf8');
  return /```js\n(\/\/ eslint\.config\.js\n.*?)```/s.exec(page)![1]!;
}

function beforeOf(marked: string): string {
  return marked.replaceAll(/^\+.*\n/gm, '').replaceAll(/^-(?!--)/gm, '');
}

function afterOf(marked: string): string {
  return marked.replaceAll(/^-(?!--).*\n/gm, '').replaceAll(/^\+/gm, '');
}

function underlined(text: string, line: number, column: number, endColumn: number): string {
  const lines = text.split('\n');
  const code = lines[line - 1]!;
  lines[line - 1] =
    `${code.slice(0, column - 1)}«${code.slice(column - 1, endColumn - 1)}»${code.slice(endColumn - 1)}`;
  return lines.join('\n');
}
