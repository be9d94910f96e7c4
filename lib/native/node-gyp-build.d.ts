declare module 'node-gyp-build' {
  interface NodeGypBuild {
    /** The path of the prebuilt or locally built addon of the package at `directory`. @throws when there is none */
    path(directory: string): string;
  }
  const nodeGypBuild: NodeGypBuild;
  export default nodeGypBuild;
}
