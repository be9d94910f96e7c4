/** From the start of a process to its first tensor; prints seconds, CPU seconds and resident bytes as JSON. */
const { tensor } = await import('../../dist/index.js');
const value = tensor([1, 2, 3]).sum().item();
const seconds = performance.now() / 1000;
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ value, seconds, cpuSeconds: (user + system) / 1e6, bytes: process.memoryUsage.rss() }));
