/** The tools that set-up needs from the machine, and how to get them. */
import { spawnSync } from 'node:child_process';

const MIN_NODE = [20, 19];

const python = process.env.PALABRA_PYTHON ?? 'python3';

/** Each tool: commands of which one must work, its name for people, and Debian's package. */
const tools = {
  cmake: { probes: [['cmake', '--version']], what: 'CMake 3.20 or newer', debian: 'cmake' },
  compiler: { probes: [[process.env.CXX ?? 'g++', '--version']], what: 'a C++20 compiler', debian: 'g++' },
  make: {
    probes: [
      ['ninja', '--version'],
      ['make', '--version'],
    ],
    what: 'Ninja or make',
    debian: 'make',
  },
  pip: {
    probes: [[python, '-m', 'pip', '--version']],
    what: 'Python 3 with pip, which fetches libtorch',
    debian: 'python3-pip',
  },
};

function works([command, ...args]) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** What this Node lacks, in words; undefined when it is new enough. */
export function nodeProblem(version = process.versions.node) {
  const [major, minor] = version.split('.').map(Number);
  if (major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1])) return undefined;
  return `Node ${MIN_NODE.join('.')} or newer is needed, this is ${version}. Get it from https://nodejs.org or with nvm.`;
}

/** What is missing of the named tools, in words with the Debian command; undefined when all are here. */
export function missingTools(names) {
  const missing = names.map((name) => tools[name]).filter(({ probes }) => !probes.some(works));
  if (missing.length === 0) return undefined;
  const lines = missing.map(({ what, probes }) => `  - ${what} (tried ${probes.map(([name]) => name).join(', ')})`);
  const packages = missing.map(({ debian }) => debian).join(' ');
  return ['Missing on this machine:', ...lines, `On Debian or Ubuntu: sudo apt-get install -y ${packages}`].join('\n');
}
